package dev.nibble.pass;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.pass.ChannelGroup.Channels;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Operators that carry the channels of their first input on to their output, such that a positive
 * factor of a channel comes out as it went in.
 */
record Carriers(Graph graph) {
    /** The channels of a node's output; empty if it carries none on. */
    Optional<Channels> carry(Node node, Channels from) {
        boolean one = node.outputs().size() == 1;
        return switch (node.opType()) {
            case "Relu", "LeakyRelu", "PRelu", "Identity" -> same(node, from);
            case "Dropout" -> one && !node.hasInput(2) ? same(node, from) : Optional.empty();
            case "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool" ->
                    one && from.axis() == 1 ? same(node, from) : Optional.empty();
            case "Mul", "Div" ->
                    graph.constant(node.input(1))
                            .filter(factor -> leavesChannels(factor, from))
                            .flatMap(_ -> same(node, from));
            case "ReduceMean" -> from.axis() == 1 ? reduce(node, from) : Optional.empty();
            case "Flatten" ->
                    from.axis() == 1 && node.integer("axis", 1) == 1
                            ? flatten(node, from)
                            : Optional.empty();
            case "Reshape" ->
                    from.axis() == 1 && isFlattening(node) ? flatten(node, from) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Channels> same(Node node, Channels from) {
        return Optional.of(new Channels(node.output(0), from.axis(), from.slots()));
    }

    private static boolean leavesChannels(Tensor factor, Channels from) {
        return factor.elements() == 1
                || (from.axis() == -1 && LinearNode.isRow(factor, from.count()));
    }

    /** A mean over all places of {@code [samples × channels × height × width]}. */
    private Optional<Channels> reduce(Node node, Channels from) {
        List<Long> axes =
                node.integers("axes")
                        .or(() ->
                                graph.constant(node.input(1))
                                        .map(tensor ->
                                                Arrays.stream(tensor.longs()).boxed().toList()))
                        .orElse(List.of());
        boolean places = axes.equals(List.of(2L, 3L)) || axes.equals(List.of(-2L, -1L));
        int axis = node.integer("keepdims", 1) == 1 ? 1 : -1;
        return places
                ? Optional.of(new Channels(node.output(0), axis, from.slots()))
                : Optional.empty();
    }

    private boolean isFlattening(Node node) {
        return graph.constant(node.input(1))
                .map(Tensor::longs)
                .filter(dims -> dims.length == 2 && dims[0] == 0)
                .isPresent();
    }

    /**
     * Rows of all places of the first channel, then all of the second: the product knows how many.
     */
    private Optional<Channels> flatten(Node node, Channels from) {
        return graph.soleConsumer(node.output(0))
                .flatMap(reader -> LinearNode.of(graph, reader))
                .map(reader -> reader.channels().inputs())
                .filter(inputs -> inputs % from.count() == 0)
                .map(inputs ->
                        new Channels(
                                node.output(0),
                                -1,
                                IntStream.range(0, inputs)
                                        .map(i -> from.slots()[i / (inputs / from.count())])
                                        .toArray()));
    }

    /** The constant bounds of a Clip, low and high; empty if they are computed. */
    static Optional<float[]> bounds(Graph graph, Node node) {
        Optional<Float> low = bound(graph, node, 1, "min", Float.NEGATIVE_INFINITY);
        Optional<Float> high = bound(graph, node, 2, "max", Float.POSITIVE_INFINITY);
        return low.isPresent() && high.isPresent()
                ? Optional.of(new float[] {low.get(), high.get()})
                : Optional.empty();
    }

    private static Optional<Float> bound(
            Graph graph, Node node, int input, String attribute, float otherwise) {
        if (node.hasInput(input)) {
            return graph.constant(node.input(input))
                    .filter(tensor -> tensor.elements() == 1)
                    .map(tensor -> tensor.floats()[0]);
        }
        return Optional.of(
                node.attributes().get(attribute) instanceof Attribute.FloatValue(float value)
                        ? value
                        : otherwise);
    }
}
