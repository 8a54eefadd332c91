package dev.nibble.prepare;

import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves the weights of subgraphs to the main graph, where subgraphs may read them as well: every
 * weight is then found and stored in the same way. Those that are the same become one.
 */
final class SubgraphConstants {
    private static final String STEP = "SubgraphConstants";

    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Tensor> hoisted = new LinkedHashMap<>();
    private final Map<Tensor, String> names = new HashMap<>();
    private long savedBytes;
    private int merged;

    private SubgraphConstants() {}

    static Preparation hoist(Preparation before) {
        Graph graph = before.graph();
        if (graph.innerNodes().findAny().isEmpty()) {
            return before;
        }
        SubgraphConstants constants = new SubgraphConstants();
        constants.count(graph);
        List<Node> nodes =
                graph.nodes().stream()
                        .map(node ->
                                node.mapSubgraphs(
                                        inner -> constants.inside(inner, new Renaming(Map.of()))))
                        .toList();
        if (constants.hoisted.isEmpty()) {
            return before;
        }
        Graph flat =
                graph.withNodes(nodes).edit(editor -> constants.hoisted.forEach(editor::constant));
        return before.map(_ -> flat).noting(STEP, graph.name(), constants.what());
    }

    private String what() {
        String moved =
                "moved %d constants of subgraphs to the main graph".formatted(hoisted.size());
        return merged == 0
                ? moved
                : moved
                        + "; %d more were the same as others (%d bytes)"
                                .formatted(merged, savedBytes);
    }

    private void count(Graph graph) {
        graph.valueNames().forEach(name -> uses.merge(name, 1, Integer::sum));
        graph.nodes().stream().flatMap(Node::subgraphs).forEach(this::count);
    }

    private Graph inside(Graph graph, Renaming around) {
        Map<String, String> names = new HashMap<>(around.within(graph).names());
        for (String name : graph.valueNames()) {
            movable(graph, name).ifPresent(tensor -> names.put(name, hoist(name, tensor)));
        }
        Renaming renaming = new Renaming(names);
        List<Node> nodes =
                graph.nodes().stream()
                        .filter(node -> !node.is("Constant") || !names.containsKey(node.output(0)))
                        .map(node ->
                                renaming.inputs(
                                        node.mapSubgraphs(inner -> inside(inner, renaming))))
                        .toList();
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().removeAll(names.keySet());
        Map<String, Extras> extras = new HashMap<>(graph.constantExtras());
        extras.keySet().removeAll(names.keySet());
        Map<String, ValueInfo> values = new LinkedHashMap<>(graph.values());
        values.keySet().removeAll(names.keySet());
        return new Graph(
                graph.name(),
                nodes,
                graph.inputs(),
                renaming.infos(graph.outputs()),
                constants,
                extras,
                values,
                graph.extras());
    }

    /** Weights and biases; what a subgraph gives back has to be made inside of it. */
    private static Optional<Tensor> movable(Graph graph, String name) {
        return graph.constant(name)
                .filter(tensor -> tensor.isFloatingPoint() && tensor.shape().rank() > 0)
                .filter(_ -> !graph.isOutput(name) && !graph.isInput(name));
    }

    private String hoist(String name, Tensor tensor) {
        String known = names.get(tensor);
        if (known != null) {
            merged++;
            savedBytes += tensor.data().byteSize();
            return known;
        }
        String unique = unique(name);
        uses.merge(unique, 1, Integer::sum);
        hoisted.put(unique, tensor);
        names.put(tensor, unique);
        return unique;
    }

    private String unique(String name) {
        if (uses.getOrDefault(name, 0) <= 1) {
            return name;
        }
        int count = 1;
        while (uses.containsKey(name + "_" + count)) {
            count++;
        }
        return name + "_" + count;
    }
}
