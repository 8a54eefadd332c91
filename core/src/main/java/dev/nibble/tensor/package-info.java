/**
 * Dense arrays of numbers and their element types: the data every other package works on.
 *
 * <p>Imports nothing of Nibble. Read {@link dev.nibble.tensor.Tensor} and {@link
 * dev.nibble.tensor.DataType} first.
 */
@NullMarked
package dev.nibble.tensor;

import org.jspecify.annotations.NullMarked;
