/**
 * ONNX files, read into and written from {@link dev.nibble.graph.Model}, keeping what Nibble has no
 * word for.
 *
 * <p>The only package that names protobuf, and only inside. May import core and {@code
 * dev.nibble.formats}. Read {@link dev.nibble.formats.onnx.OnnxFormat} first, then the readers and
 * writers, one for each ONNX concept.
 */
@NullMarked
package dev.nibble.formats.onnx;

import org.jspecify.annotations.NullMarked;
