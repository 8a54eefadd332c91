/**
 * Networks as immutable graphs of operator nodes, with the words of ONNX and without its file
 * format.
 *
 * <p>Imports {@code tensor}. Read {@link dev.nibble.graph.Model} and {@link dev.nibble.graph.Graph}
 * first.
 */
@NullMarked
package dev.nibble.graph;

import org.jspecify.annotations.NullMarked;
