package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The first and the last layers with weights.
 *
 * <p>First is, for each input of the graph, the first one in topological order that depends on it,
 * with those that read the same value; last is, for each output, the last one on which it depends.
 */
final class EdgeLayers {
    private final Graph graph;
    private final Set<String> names = new LinkedHashSet<>();

    private EdgeLayers(Graph graph) {
        this.graph = graph;
    }

    /** The names of these nodes. */
    static Set<String> of(Graph graph) {
        EdgeLayers edges = new EdgeLayers(graph);
        graph.fedInputs().stream().map(ValueInfo::name).forEach(edges::first);
        graph.outputs().stream().map(ValueInfo::name).forEach(edges::last);
        return edges.names;
    }

    private void first(String input) {
        Set<String> reached = new HashSet<>(Set.of(input));
        for (Node node : graph.nodes()) {
            if (node.reads().noneMatch(reached::contains) || asksForShape(node)) {
                continue;
            }
            if (isLayer(node) && reached.contains(node.input(0))) {
                graph.consumers(node.input(0)).stream()
                        .filter(this::isLayer)
                        .filter(other -> other.input(0).equals(node.input(0)))
                        .forEach(other -> names.add(other.name()));
                return;
            }
            reached.addAll(node.outputs());
        }
    }

    private void last(String output) {
        Set<String> needed = new HashSet<>(Set.of(output));
        List<Node> backwards = new ArrayList<>(graph.nodes()).reversed();
        for (Node node : backwards) {
            if (node.outputs().stream().noneMatch(needed::contains)) {
                continue;
            }
            if (isLayer(node)) {
                names.add(node.name());
                return;
            }
            if (!asksForShape(node)) {
                node.reads().forEach(needed::add);
            }
        }
    }

    private boolean isLayer(Node node) {
        return WeightedNode.of(graph, node).isPresent();
    }

    private static boolean asksForShape(Node node) {
        return node.is("Shape") || node.is("Size");
    }
}
