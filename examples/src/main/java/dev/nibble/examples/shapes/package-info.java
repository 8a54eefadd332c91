/**
 * An image set drawn by code: ten kinds of glyphs in cluttered, noisy scenes.
 *
 * <p>May import the JDK only. Read {@link dev.nibble.examples.shapes.ShapeImages} and {@link
 * dev.nibble.examples.shapes.Glyph} first.
 */
@NullMarked
package dev.nibble.examples.shapes;

import org.jspecify.annotations.NullMarked;
