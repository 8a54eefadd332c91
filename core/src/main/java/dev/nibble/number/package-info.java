/**
 * The arithmetic of quantization: number formats, schemes, encodings, and the maps between real
 * numbers and codes.
 *
 * <p>Imports {@code tensor}, {@code math} and {@code kernel}. Read {@link
 * dev.nibble.number.Encoding} and {@link dev.nibble.number.Quantizer} first.
 */
@NullMarked
package dev.nibble.number;

import org.jspecify.annotations.NullMarked;
