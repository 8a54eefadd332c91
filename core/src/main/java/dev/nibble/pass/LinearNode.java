package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.plan.WeightChannels;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.Optional;

/**
 * A node whose output channels are linear in its input channels, with constant float32 weights and,
 * if any, a bias of one number a channel: what factors can be folded into.
 */
record LinearNode(Node node, Tensor weight, WeightChannels channels, Optional<Tensor> bias) {
    /** The node as such; empty if it is none. */
    static Optional<LinearNode> of(Graph graph, Node node) {
        Optional<Tensor> weight = graph.constant(node.input(1)).filter(LinearNode::isFloat);
        Optional<WeightChannels> channels =
                weight.flatMap(tensor -> WeightChannels.of(node, tensor.shape()));
        if (channels.isEmpty() || node.integer("transA", 0) != 0) {
            return Optional.empty();
        }
        boolean hasBias = !node.is("MatMul") && node.hasInput(2);
        Optional<Tensor> bias =
                hasBias
                        ? graph.constant(node.input(2))
                                .filter(LinearNode::isFloat)
                                .filter(tensor -> isRow(tensor, channels.get().outputs()))
                        : Optional.empty();
        return hasBias && bias.isEmpty()
                ? Optional.empty()
                : Optional.of(new LinearNode(node, weight.get(), channels.get(), bias));
    }

    static boolean isFloat(Tensor tensor) {
        return tensor.type() == DataType.FLOAT32;
    }

    /** Whether a tensor has one number for each of so many channels, along its last axis. */
    static boolean isRow(Tensor tensor, int channels) {
        return tensor.elements() == channels
                && tensor.shape().rank() > 0
                && tensor.shape().dim(-1) == channels;
    }

    /** The axis of the input and of the output that counts channels. */
    int axis() {
        return node.is("Conv") || node.is("ConvTranspose") ? 1 : -1;
    }
}
