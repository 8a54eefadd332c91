package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.plan.WeightChannels;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
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

    /** Whether zeros beyond the border go into its sums, in which no constant of the input is. */
    boolean seesBorders() {
        boolean padded =
                node.integers("pads").orElse(List.of()).stream().anyMatch(pad -> pad != 0)
                        || node.text("auto_pad").filter(pad -> pad.startsWith("SAME")).isPresent();
        return node.is("ConvTranspose") || (node.is("Conv") && padded);
    }

    /** Whether product and bias are scaled by factors of their own (alpha, beta of Gemm). */
    boolean scalesProduct() {
        return node.is("Gemm")
                && (node.number("alpha").orElse(1) != 1 || node.number("beta").orElse(1) != 1);
    }

    /** The bias of each output channel, zeros where it has none. */
    float[] biases() {
        return bias.map(Tensor::floats).orElseGet(() -> new float[channels.outputs()]);
    }

    /** What constants in the input channels come to in each output channel. */
    double[] through(double[] inputs) {
        float[] weights = weight.floats();
        double[] sums = new double[channels.outputs()];
        for (int i = 0; i < weights.length; i++) {
            sums[channels.output(i)] += weights[i] * inputs[channels.input(i)];
        }
        return sums;
    }

    /** Gives the node another bias; a product of matrices becomes a Gemm, which has one. */
    void setBias(GraphEditor editor, float[] values, String suffix) {
        String name = editor.fresh(node.name() + "_bias" + suffix);
        Shape shape = bias.map(Tensor::shape).orElse(Shape.of(values.length));
        editor.constant(name, Tensor.ofFloats(shape, values));
        editor.update(
                node,
                at ->
                        new Node(
                                at.name(),
                                at.is("MatMul") ? "Gemm" : at.opType(),
                                at.domain(),
                                List.of(at.input(0), at.input(1), name),
                                at.outputs(),
                                at.attributes(),
                                at.extras()));
    }

    /** Gives the node other weights, under a new name: the old ones may have other readers. */
    void setWeights(GraphEditor editor, float[] values, String suffix) {
        String name = editor.fresh(node.input(1) + suffix);
        editor.constant(name, Tensor.ofFloats(weight.shape(), values));
        editor.update(
                node,
                at -> {
                    List<String> inputs = new ArrayList<>(at.inputs());
                    inputs.set(1, name);
                    return at.withInputs(inputs);
                });
    }
}
