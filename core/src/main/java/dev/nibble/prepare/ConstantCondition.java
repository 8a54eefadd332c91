package dev.nibble.prepare;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Truth values that do not depend on what a network is fed: constants, and what logic and
 * comparisons of whole numbers make of them.
 *
 * @param scopes the graph and those around it, the nearest first
 */
record ConstantCondition(List<Graph> scopes) {
    /** Exporters write a handful of nodes in front of a condition. */
    private static final int DEEPEST = 16;

    /** A truth value by name; empty if it is not constant. */
    Optional<Boolean> of(String name) {
        return of(name, 0);
    }

    private Optional<Boolean> of(String name, int depth) {
        Optional<Tensor> constant = constant(name);
        if (constant.isPresent()) {
            return constant.filter(
                            tensor -> tensor.type() == DataType.BOOL && tensor.elements() == 1)
                    .map(tensor -> tensor.longs()[0] != 0);
        }
        Optional<Node> producer = producer(name).filter(node -> node.domain().isEmpty());
        if (producer.isEmpty() || depth > DEEPEST) {
            return Optional.empty();
        }
        Node node = producer.get();
        Optional<Boolean> first = of(node.input(0), depth + 1);
        return switch (node.opType()) {
            case "Identity" -> first;
            case "Not" -> first.map(value -> !value);
            case "And" -> both(first, of(node.input(1), depth + 1), (a, b) -> a && b);
            case "Or" -> both(first, of(node.input(1), depth + 1), (a, b) -> a || b);
            case "Equal" -> compared(node, Long::equals);
            case "Less" -> compared(node, (a, b) -> a < b);
            case "Greater" -> compared(node, (a, b) -> a > b);
            default -> Optional.empty();
        };
    }

    private Optional<Boolean> compared(Node node, BiPredicate<Long, Long> comparison) {
        return both(whole(node.input(0)), whole(node.input(1)), comparison);
    }

    private static <T> Optional<Boolean> both(
            Optional<T> one, Optional<T> other, BiPredicate<T, T> connective) {
        return one.flatMap(a -> other.map(b -> connective.test(a, b)));
    }

    /** A single whole number. */
    private Optional<Long> whole(String name) {
        return constant(name)
                .filter(tensor ->
                        (tensor.type() == DataType.INT64 || tensor.type() == DataType.INT32)
                                && tensor.elements() == 1)
                .map(tensor -> tensor.longs()[0]);
    }

    private Optional<Tensor> constant(String name) {
        return scope(name).flatMap(graph -> graph.constant(name));
    }

    private Optional<Node> producer(String name) {
        return scope(name).flatMap(graph -> graph.producer(name));
    }

    /** The nearest graph in which there is a value of a name: it hides those around it. */
    private Optional<Graph> scope(String name) {
        return scopes.stream().filter(graph -> graph.valueNames().contains(name)).findFirst();
    }
}
