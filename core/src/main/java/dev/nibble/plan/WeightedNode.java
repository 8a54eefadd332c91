package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Optional;

/**
 * A convolution or matrix product seen alike: what comes in, constant weights, a bias perhaps.
 *
 * @param node the Conv, Gemm or MatMul
 * @param weight the weights: Conv {@code [out × in/group × k…]}, Gemm and MatMul {@code [in ×
 *     out]}, or {@code [out × in]} if Gemm transposes them
 * @param outputAxis the axis of the weights that counts output channels
 * @param channelAxis the axis of the input that counts input channels; negative axes count from the
 *     end
 */
public record WeightedNode(Node node, Tensor weight, int outputAxis, int channelAxis) {
    /**
     * The node as one with weights; empty if its operator has none, or has them in another shape or
     * place ({@link WeightOperand}).
     */
    public static Optional<WeightedNode> of(Graph graph, Node node) {
        if (!node.domain().isEmpty() || !node.hasInput(1) || node.integer("transA", 0) != 0) {
            return Optional.empty();
        }
        Optional<Tensor> weight =
                graph.constant(node.input(1))
                        .filter(tensor -> !node.is("MatMul") || tensor.shape().rank() == 2);
        return switch (node.opType()) {
            case "Conv" -> weight.map(tensor -> new WeightedNode(node, tensor, 0, 1));
            case "Gemm" ->
                    weight.map(tensor ->
                            new WeightedNode(
                                    node, tensor, node.integer("transB", 0) == 1 ? 0 : 1, -1));
            case "MatMul" -> weight.map(tensor -> new WeightedNode(node, tensor, 1, -1));
            default -> Optional.empty();
        };
    }

    public String input() {
        return node.input(0);
    }

    public String weightName() {
        return node.input(1);
    }

    public boolean hasBias() {
        return !node.is("MatMul") && node.hasInput(2);
    }

    public String biasName() {
        return node.input(2);
    }

    public String output() {
        return node.output(0);
    }

    /** The axis of the weights that counts input channels, of one group in a convolution. */
    public int inputAxis() {
        return 1 - outputAxis;
    }

    public int outputChannels() {
        return Math.toIntExact(weight.shape().dim(outputAxis));
    }

    /** The weights alone. */
    public WeightOperand operand() {
        return new WeightOperand(node, 1, weight, outputAxis, inputAxis());
    }

    /** Why the weights cannot be codes at all; empty if they can. */
    public Optional<String> obstacle() {
        if (weight.type() != DataType.FLOAT32) {
            return Optional.of(
                    "its weights are " + weight.type() + ", and only float32 is quantized");
        }
        if (weight.elements() == 0) {
            return Optional.of("its weights are empty");
        }
        return Optional.empty();
    }

    /** Why integer kernels cannot take this node; empty if they can. */
    public Optional<String> kernelObstacle(Graph graph) {
        return scales()
                ? Optional.of("it scales its product or bias (alpha, beta)")
                : biasObstacle(graph);
    }

    /** Whether a Gemm does more than multiplying and adding. */
    public boolean scales() {
        return node.is("Gemm")
                && (node.number("alpha").orElse(1) != 1
                        || (hasBias() && node.number("beta").orElse(1) != 1));
    }

    private Optional<String> biasObstacle(Graph graph) {
        if (!hasBias()) {
            return Optional.empty();
        }
        Optional<Tensor> bias = graph.constant(biasName());
        if (bias.isEmpty()) {
            return Optional.of("its bias " + biasName() + " is not a constant");
        }
        Shape shape = bias.get().shape();
        boolean fits =
                shape.elements() == outputChannels()
                        && (shape.rank() == 0 || shape.dim(-1) == shape.elements());
        return fits
                ? Optional.empty()
                : Optional.of(
                        "its bias has shape "
                                + shape
                                + " instead of one number for each of "
                                + outputChannels()
                                + " output channels");
    }
}
