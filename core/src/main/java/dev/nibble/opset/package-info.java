/**
 * Raises a network to a later version of the ONNX operator set, operator by operator.
 *
 * <p>Imports {@code error}, {@code tensor} and {@code graph}. Read {@link
 * dev.nibble.opset.OpsetUpgrade} and {@code Catalogue} first.
 */
@NullMarked
package dev.nibble.opset;

import org.jspecify.annotations.NullMarked;
