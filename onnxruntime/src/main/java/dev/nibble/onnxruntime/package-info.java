/**
 * Runs graphs on ONNX Runtime, for calibration, evaluation and timing.
 *
 * <p>May import core; the only package that names {@code ai.onnxruntime}. Read {@link
 * dev.nibble.onnxruntime.OnnxRuntimeEngine} and {@link dev.nibble.onnxruntime.OnnxRuntimeSession}
 * first.
 */
@NullMarked
package dev.nibble.onnxruntime;

import org.jspecify.annotations.NullMarked;
