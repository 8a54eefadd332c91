package dev.nibble.torch.train;

import dev.nibble.graph.Node;

import org.bytedeco.pytorch.Tensor;

import java.util.List;
import java.util.Set;

/**
 * What an operator of the ONNX standard is in libtorch.
 *
 * @param learns which inputs, by position, learn where they are constants
 * @param computation the operator itself
 */
record Operator(Set<Integer> learns, Computation computation) {
    Operator {
        learns = Set.copyOf(learns);
    }

    /** From inputs to the one output. */
    @FunctionalInterface
    interface Computation {
        Tensor apply(Node node, List<Tensor> inputs, boolean training);
    }
}
