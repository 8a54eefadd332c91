package dev.nibble.cost;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** How many products of two numbers are summed up by a node, for one sample. */
public final class MultiplyAdds {
    private static final Set<String> MULTIPLYING =
            Set.of(
                    "Conv",
                    "ConvInteger",
                    "QLinearConv",
                    "ConvTranspose",
                    "Gemm",
                    "QGemm",
                    "MatMul",
                    "MatMulInteger",
                    "QLinearMatMul",
                    "MatMulIntegerToFloat",
                    "DynamicQuantizeMatMul",
                    "MatMulNBits",
                    "LSTM",
                    "GRU",
                    "RNN",
                    "Attention",
                    "Einsum");

    private final ValueShapes shapes;

    MultiplyAdds(ValueShapes shapes) {
        this.shapes = shapes;
    }

    /** Those of the nodes of a graph. */
    public static MultiplyAdds in(Graph graph) {
        return new MultiplyAdds(new ValueShapes(graph));
    }

    /** Those of the nodes of a graph whose inputs are fed with tensors of some shapes. */
    public static MultiplyAdds in(Graph graph, Map<String, Shape> fed) {
        return new MultiplyAdds(new ValueShapes(graph, fed));
    }

    /** Whether a node's work is multiplying, known or not. */
    public static boolean multiplies(Node node) {
        return MULTIPLYING.contains(node.opType());
    }

    /** The multiply-adds of a node; empty if it does none or its shapes are not known. */
    public OptionalLong of(Node node) {
        Optional<Shape> result = shapes.of(node.output(0));
        return switch (node.opType()) {
            case "Conv", "ConvInteger" -> perElement(result, node, 1);
            case "QLinearConv" -> perElement(result, node, 3);
            // every element of the input meets every weight of its group
            case "ConvTranspose" -> perElement(shapes.of(node.input(0)), node, 1);
            case "Gemm", "QGemm" -> {
                int axis = node.integer("transA", 0) != 0 ? 0 : 1;
                yield times(result, shapes.of(node.input(0)).filter(a -> a.rank() == 2), axis);
            }
            case "MatMul",
                    "MatMulInteger",
                    "QLinearMatMul",
                    "MatMulIntegerToFloat",
                    "DynamicQuantizeMatMul" ->
                    times(result, shapes.of(node.input(0)).filter(a -> a.rank() > 0), -1);
            // every number that comes in meets a weight of each of the N columns
            case "MatMulNBits" ->
                    shapes.of(node.input(0)).isPresent() && node.integer("N").isPresent()
                            ? OptionalLong.of(
                                    shapes.of(node.input(0)).orElseThrow().elements()
                                            * node.integer("N").getAsLong())
                            : OptionalLong.empty();
            default -> OptionalLong.empty();
        };
    }

    private OptionalLong perElement(Optional<Shape> elements, Node node, int weight) {
        Optional<Shape> kernel = shapes.of(node.input(weight)).filter(shape -> shape.rank() > 1);
        if (elements.isEmpty() || kernel.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                elements.get().elements() * kernel.get().product(1, kernel.get().rank()));
    }

    private static OptionalLong times(Optional<Shape> result, Optional<Shape> input, int axis) {
        return result.isPresent() && input.isPresent()
                ? OptionalLong.of(result.get().elements() * input.get().dim(axis))
                : OptionalLong.empty();
    }
}
