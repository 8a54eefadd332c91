/**
 * Samples for calibration and evaluation: folders and zips of images, NumPy arrays, ONNX test data.
 *
 * <p>May import core and the other packages of {@code dev.nibble.formats}. Read {@link
 * dev.nibble.formats.data.DataSet} first.
 */
@NullMarked
package dev.nibble.formats.data;

import org.jspecify.annotations.NullMarked;
