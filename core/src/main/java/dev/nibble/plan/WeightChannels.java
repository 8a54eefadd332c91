package dev.nibble.plan;

import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;

import java.util.Optional;

/**
 * Which input and which output channel each weight of a convolution or matrix product joins.
 *
 * @param outer extent of the first axis of the weights
 * @param inner extent of the second axis
 * @param kernel elements for each pair of them
 * @param groups groups of a convolution, each of which sees its own channels; 1 for products
 * @param outerIsOutput whether the first axis counts output channels
 */
public record WeightChannels(int outer, int inner, int kernel, int groups, boolean outerIsOutput) {
    /** The channels of a node's weights; empty if the operator or the rank is another. */
    public static Optional<WeightChannels> of(Node node, Shape weights) {
        if (!node.domain().isEmpty() || weights.rank() < 2) {
            return Optional.empty();
        }
        int groups = Math.toIntExact(node.integer("group", 1));
        return switch (node.opType()) {
            case "Conv" -> Optional.of(of(weights, groups, true));
            case "ConvTranspose" -> Optional.of(of(weights, groups, false));
            case "Gemm" ->
                    weights.rank() == 2
                            ? Optional.of(of(weights, 1, node.integer("transB", 0) == 1))
                            : Optional.empty();
            case "MatMul" ->
                    weights.rank() == 2 ? Optional.of(of(weights, 1, false)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static WeightChannels of(Shape weights, int groups, boolean outerIsOutput) {
        return new WeightChannels(
                Math.toIntExact(weights.dim(0)),
                Math.toIntExact(weights.dim(1)),
                Math.toIntExact(weights.product(2, weights.rank())),
                groups,
                outerIsOutput);
    }

    /** Number of input channels, of all groups. */
    public int inputs() {
        return outerIsOutput ? inner * groups : outer;
    }

    /** Number of output channels, of all groups. */
    public int outputs() {
        return outerIsOutput ? outer : inner * groups;
    }

    /** The input channel that an element of the weights reads. */
    public int input(int element) {
        return outerIsOutput ? across(element) : along(element);
    }

    /** The output channel that an element of the weights adds to. */
    public int output(int element) {
        return outerIsOutput ? along(element) : across(element);
    }

    private int along(int element) {
        return element / (inner * kernel);
    }

    private int across(int element) {
        return along(element) / (outer / groups) * inner + element / kernel % inner;
    }
}
