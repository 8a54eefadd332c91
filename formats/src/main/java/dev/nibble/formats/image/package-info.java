/**
 * Pictures, decoded and made into what a network takes.
 *
 * <p>May import core and {@code dev.nibble.formats}. Read {@link
 * dev.nibble.formats.image.Preprocessing} and {@link dev.nibble.formats.image.Resampler} first.
 */
@NullMarked
package dev.nibble.formats.image;

import org.jspecify.annotations.NullMarked;
