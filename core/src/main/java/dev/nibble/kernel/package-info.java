/**
 * The inner loops, behind one seam: a scalar and a Vector API version with identical bits.
 *
 * <p>Imports {@code error}. Read {@link dev.nibble.kernel.Kernels} first.
 */
@NullMarked
package dev.nibble.kernel;

import org.jspecify.annotations.NullMarked;
