/**
 * Networks far larger than the heap: made, and checked after they were quantized.
 *
 * <p>May import core and {@code dev.nibble.formats}. Read {@link
 * dev.nibble.examples.large.LargeNetwork} first.
 */
@NullMarked
package dev.nibble.examples.large;

import org.jspecify.annotations.NullMarked;
