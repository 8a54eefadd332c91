package dev.nibble.prepare;

import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Computes weights that a network puts together from constants before a layer reads them, as
 * exporters write those of recurrent layers: slices of one matrix, in another order.
 */
final class ComputedWeights {
    private static final String STEP = "ComputedWeights";

    /** A tensor in memory of the Java heap holds no more. */
    private static final long MOST_BYTES = 1L << 30;

    private int computed;

    private ComputedWeights() {}

    static Preparation compute(Preparation before) {
        ComputedWeights step = new ComputedWeights();
        Graph graph = step.in(before.graph(), Map.of(), new HashSet<>());
        return step.computed == 0
                ? before
                : before.map(_ -> graph)
                        .noting(
                                STEP,
                                graph.name(),
                                "nodes that only move weights about: %d, computed in advance"
                                        .formatted(step.computed));
    }

    /**
     * The graph without the nodes that move weights about.
     *
     * @param around constants of the graphs around it
     * @param used is told what such nodes have read
     */
    private Graph in(Graph graph, Map<String, Tensor> around, Set<String> used) {
        Map<String, Tensor> known = new HashMap<>(around);
        known.keySet().removeAll(graph.valueNames());
        graph.valueNames()
                .forEach(name -> graph.constant(name).ifPresent(tensor -> known.put(name, tensor)));
        Map<String, Tensor> made = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        int earlier = computed;
        for (Node node : graph.nodes()) {
            ConstantMovement movement = new ConstantMovement(known);
            Optional<Tensor> result =
                    Optional.of(node)
                            .filter(_ -> !graph.isOutput(node.output(0)) && fits(node, known))
                            .flatMap(movement::of);
            if (result.isEmpty()) {
                nodes.add(node.mapSubgraphs(inner -> in(inner, known, used)));
            } else {
                computed++;
                known.put(node.output(0), result.get());
                made.put(node.output(0), result.get());
                used.addAll(node.inputs());
            }
        }
        return computed == earlier ? graph : rebuilt(graph, nodes, made, used);
    }

    private static Graph rebuilt(
            Graph graph, List<Node> nodes, Map<String, Tensor> made, Set<String> used) {
        Set<String> read = nodes.stream().flatMap(Node::reads).collect(Collectors.toSet());
        graph.outputs().forEach(output -> read.add(output.name()));
        Predicate<String> stale = name -> used.contains(name) && !read.contains(name);
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().removeIf(stale);
        made.forEach((name, tensor) -> {
            if (read.contains(name)) {
                constants.put(name, tensor);
            }
        });
        Map<String, Extras> extras = new HashMap<>(graph.constantExtras());
        extras.keySet().retainAll(constants.keySet());
        Map<String, ValueInfo> values = new LinkedHashMap<>(graph.values());
        values.keySet().removeAll(made.keySet());
        return new Graph(
                graph.name(),
                nodes.stream()
                        .filter(node -> !node.is("Constant") || !stale.test(node.output(0)))
                        .toList(),
                graph.inputs(),
                graph.outputs(),
                constants,
                extras,
                values,
                graph.extras());
    }

    private static boolean fits(Node node, Map<String, Tensor> known) {
        return node.inputs().stream()
                        .map(known::get)
                        .filter(Objects::nonNull)
                        .mapToLong(tensor -> tensor.data().byteSize())
                        .sum()
                < MOST_BYTES;
    }
}
