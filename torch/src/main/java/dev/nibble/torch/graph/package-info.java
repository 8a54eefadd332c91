/**
 * Whole graphs of the ONNX standard running on libtorch, forward and backward.
 *
 * <p>May import core, {@code dev.nibble.torch.operator} and JavaCPP. Read {@link
 * dev.nibble.torch.graph.TorchGraph} and {@link dev.nibble.torch.graph.Tap} first.
 */
@NullMarked
package dev.nibble.torch.graph;

import org.jspecify.annotations.NullMarked;
