package dev.nibble.engine.generate;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a graph does with an input: looks values up, compares them, scales them. Followed through
 * operators that only move values or change their type, and into subgraphs.
 */
final class InputUse {
    private static final int BYTE_VALUES = 256;
    private static final int FLAG_VALUES = 2;

    /** An offset or divisor of at least this much speaks of pixels from 0 to 255. */
    private static final double PIXEL_OFFSET = 50;

    /** Ranks from which whole numbers are pixels, not lengths or masks. */
    private static final int PIXEL_RANK = 3;

    private static final Set<String> MOVERS =
            Set.of(
                    "Cast",
                    "Identity",
                    "Reshape",
                    "Unsqueeze",
                    "Squeeze",
                    "Transpose",
                    "Flatten",
                    "Slice",
                    "Concat",
                    "Pad",
                    "Expand");

    private final List<Long> rows = new ArrayList<>();
    private final List<Long> compared = new ArrayList<>();
    private boolean pixels;

    /**
     * A value in the graph where it is.
     *
     * @param scope the graph and those around it, innermost first
     */
    private record Place(List<Graph> scope, String value) {
        Graph graph() {
            return scope.getFirst();
        }

        /** A constant of this graph or one around it. */
        Optional<Tensor> constant(String name) {
            return scope.stream().flatMap(graph -> graph.constant(name).stream()).findFirst();
        }

        Place inside(Graph subgraph) {
            List<Graph> inner = new ArrayList<>();
            inner.add(subgraph);
            inner.addAll(scope);
            return new Place(List.copyOf(inner), value);
        }
    }

    private InputUse() {}

    /**
     * Sensible numbers for an input of whole numbers or truth values.
     *
     * @param rank how many axes the input has
     */
    static InputValues ofIntegers(Graph graph, String input, DataType type, int rank) {
        if (type == DataType.BOOL) {
            return new InputValues.Below(FLAG_VALUES);
        }
        InputUse use = traced(graph, input);
        OptionalLong bound = use.rows.stream().mapToLong(count -> count).min();
        if (bound.isPresent() && bound.getAsLong() > 0) {
            return new InputValues.Below(bound.getAsLong());
        }
        if (!use.compared.isEmpty()) {
            return new InputValues.Always(use.compared.getFirst());
        }
        boolean bytes = type == DataType.UINT8 || rank >= PIXEL_RANK;
        return bytes ? new InputValues.Below(BYTE_VALUES) : new InputValues.Always(1);
    }

    /** Sensible numbers for an input of floating-point numbers, if the graph tells. */
    static Optional<InputValues> ofFloats(Graph graph, String input) {
        return traced(graph, input).pixels
                ? Optional.of(new InputValues.Below(BYTE_VALUES))
                : Optional.empty();
    }

    private static InputUse traced(Graph graph, String input) {
        InputUse use = new InputUse();
        Deque<Place> open = new ArrayDeque<>(List.of(new Place(List.of(graph), input)));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Place place = open.removeFirst();
            if (seen.add(place.scope().size() + " " + place.value())) {
                for (Node node : place.graph().consumers(place.value())) {
                    use.note(place, node);
                    if (node.domain().isEmpty() && MOVERS.contains(node.opType())) {
                        open.add(new Place(place.scope(), node.output(0)));
                    }
                    node.subgraphs().forEach(subgraph -> open.add(place.inside(subgraph)));
                }
            }
        }
        return use;
    }

    private void note(Place place, Node node) {
        boolean first = node.input(0).equals(place.value());
        Optional<Tensor> other = place.constant(node.input(first ? 1 : 0));
        switch (node.domain().isEmpty() ? node.opType() : "") {
            case "Gather" -> {
                if (!first) {
                    other.filter(table -> table.shape().rank() > 0)
                            .ifPresent(table ->
                                    rows.add(
                                            table.shape()
                                                    .dim((int) node.integer("axis").orElse(0))));
                }
            }
            case "Equal" ->
                    other.filter(constant -> !constant.isFloatingPoint())
                            .filter(constant -> constant.elements() == 1)
                            .ifPresent(constant -> compared.add(constant.longs()[0]));
            case "Sub", "Add", "Div" ->
                    pixels |= first && other.map(InputUse::largest).orElse(0.0) >= PIXEL_OFFSET;
            case "Mul" -> {
                double factor = other.map(InputUse::largest).orElse(1.0);
                pixels |= factor > 0 && factor <= 1 / PIXEL_OFFSET;
            }
            default -> {
                // says nothing about what it reads
            }
        }
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        if (tensor.isFloatingPoint()) {
            for (float value : tensor.floats()) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }
}
