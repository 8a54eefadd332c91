package dev.nibble.repair;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A part of a network that everything flows through: what comes in on one side leaves as one value
 * on the other.
 *
 * @param nodes in graph order, with those that only compute constants for the others
 * @param inputs the values that come in
 * @param output the value that leaves
 */
public record Block(List<Node> nodes, Set<String> inputs, String output) {
    public Block {
        nodes = List.copyOf(nodes);
        inputs = Set.copyOf(inputs);
    }

    /** The part of a graph that the nodes make up. */
    static Block of(Graph graph, List<Node> nodes, String output) {
        Set<String> inputs = new LinkedHashSet<>();
        nodes.forEach(node -> node.reads().forEach(inputs::add));
        nodes.forEach(node -> inputs.removeAll(node.outputs()));
        inputs.removeIf(value -> graph.constant(value).isPresent());
        return new Block(nodes, inputs, output);
    }
}
