/**
 * From decisions to a graph that a runtime executes: quantize and dequantize nodes are written here
 * and nowhere else.
 *
 * <p>Imports everything up to {@code pass}. Read {@link dev.nibble.lower.QdqLowering} first.
 */
@NullMarked
package dev.nibble.lower;

import org.jspecify.annotations.NullMarked;
