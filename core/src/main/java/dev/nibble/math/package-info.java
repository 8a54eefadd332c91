/**
 * Mathematics that is not about quantization: error measures between arrays, linear algebra.
 *
 * <p>Imports {@code tensor} and {@code kernel}. Read {@link dev.nibble.math.ErrorMeasures} and
 * {@link dev.nibble.math.Cholesky} first.
 */
@NullMarked
package dev.nibble.math;

import org.jspecify.annotations.NullMarked;
