/**
 * An image set drawn by code: ten kinds of glyphs in cluttered, noisy scenes.
 *
 * <p>May import the JDK only. Read {@link dev.nibble.cli.shapes.ShapeImages} and {@link
 * dev.nibble.cli.shapes.Glyph} first.
 */
@NullMarked
package dev.nibble.cli.shapes;

import org.jspecify.annotations.NullMarked;
