/**
 * Mathematics that is not about quantization: error measures between arrays.
 *
 * <p>Imports {@code tensor}. Read {@link dev.nibble.math.ErrorMeasures} first.
 */
@NullMarked
package dev.nibble.math;

import org.jspecify.annotations.NullMarked;
