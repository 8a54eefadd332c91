package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.HashMap;
import java.util.Map;

/**
 * Between which ends the float values of a graph are known to lie, from the operators that make
 * them.
 */
final class ValueBounds {
    /** The numbers from {@code low} to {@code high}, which may be infinite. */
    record Interval(double low, double high) {
        static final Interval EVERYTHING =
                new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

        Interval hull(Interval other) {
            return new Interval(Math.min(low, other.low), Math.max(high, other.high));
        }
    }

    private final Graph graph;
    private final Map<String, Interval> known = new HashMap<>();

    ValueBounds(Graph graph) {
        this.graph = graph;
    }

    Interval of(String value) {
        return known.getOrDefault(value, Interval.EVERYTHING);
    }

    void set(String value, Interval interval) {
        known.put(value, interval);
    }

    /** Takes note of what a node delivers; nodes come in topological order. */
    void learn(Node node) {
        if (node.domain().isEmpty()) {
            Interval interval = of(node);
            if (!interval.equals(Interval.EVERYTHING)) {
                node.outputs().forEach(output -> known.put(output, interval));
            }
        }
    }

    private Interval of(Node node) {
        return switch (node.opType()) {
            case "Relu" -> new Interval(0, Math.max(0, of(node.input(0)).high()));
            case "Sigmoid", "Softmax", "HardSigmoid" -> new Interval(0, 1);
            case "Tanh" -> new Interval(-1, 1);
            case "Clip" -> clip(node);
            case "Identity",
                    "Reshape",
                    "Flatten",
                    "Transpose",
                    "Squeeze",
                    "Unsqueeze",
                    "Slice",
                    "Gather",
                    "Expand",
                    "Tile",
                    "DepthToSpace",
                    "SpaceToDepth",
                    "GlobalAveragePool",
                    "GlobalMaxPool" ->
                    of(node.input(0));
            // their second outputs are indices or masks
            case "MaxPool", "Dropout" ->
                    node.outputs().size() == 1 ? of(node.input(0)) : Interval.EVERYTHING;
            case "Split" -> of(node.input(0));
            // the padding may count
            case "AveragePool" -> of(node.input(0)).hull(new Interval(0, 0));
            case "Concat" ->
                    node.inputs().stream().map(this::of).reduce(Interval::hull).orElseThrow();
            default -> Interval.EVERYTHING;
        };
    }

    private Interval clip(Node node) {
        boolean constant =
                node.inputs().stream()
                        .skip(1)
                        .allMatch(bound ->
                                bound.isEmpty()
                                        || graph.constant(bound)
                                                .filter(tensor -> tensor.elements() == 1)
                                                .isPresent());
        if (!constant) {
            return Interval.EVERYTHING;
        }
        ClipBounds bounds = ClipBounds.of(graph, node);
        return new Interval(bounds.low(), bounds.high());
    }
}
