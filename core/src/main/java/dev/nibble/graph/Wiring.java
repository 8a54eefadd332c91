package dev.nibble.graph;

import dev.nibble.error.NibbleException;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Checks what every other class takes for granted: each value is made once, and before it is read.
 *
 * <p>(ONNX, "Graphs": values have a single definition, nodes are in topological order.)
 */
public final class Wiring {
    private final Graph graph;
    private final @Nullable Wiring around;

    /** What can be read at this point of the walk. */
    private final Set<String> made = new HashSet<>();

    private Wiring(Graph graph, @Nullable Wiring around) {
        this.graph = graph;
        this.around = around;
    }

    /**
     * Checks a graph with its subgraphs.
     *
     * @param known further names that may be read anywhere, as of constants kept aside
     * @throws NibbleException if a value is made twice or read before it is made, in a circle among
     *     others, or if nothing makes it; the message names node and value
     */
    public static void check(Graph graph, Set<String> known) {
        Wiring outermost = new Wiring(graph, null);
        outermost.made.addAll(known);
        outermost.walk();
    }

    private void walk() {
        made.addAll(graph.constants().keySet());
        Set<String> declared = new HashSet<>();
        graph.inputs()
                .forEach(input -> {
                    if (!declared.add(input.name())) {
                        throw new NibbleException(
                                "graph \"%s\" has two inputs called \"%s\"; export the model again"
                                        .formatted(graph.name(), input.name()));
                    }
                });
        made.addAll(declared);
        Map<String, Node> makers = makers();
        for (Node node : graph.nodes()) {
            for (String input : node.inputs()) {
                requireMade(input, node, makers);
            }
            node.subgraphs().forEach(subgraph -> new Wiring(subgraph, this).walk());
            made.addAll(node.outputs());
        }
        graph.outputs()
                .forEach(output -> {
                    if (!isMade(output.name())) {
                        throw new NibbleException(
                                "nothing makes the output \"%s\" of graph \"%s\"; export the model again"
                                        .formatted(output.name(), graph.name()));
                    }
                });
    }

    private Map<String, Node> makers() {
        Map<String, Node> makers = new HashMap<>();
        for (Node node : graph.nodes()) {
            for (String output : node.outputs()) {
                if (output.isEmpty()) {
                    continue;
                }
                Node other = makers.put(output, node);
                if (other != null || made.contains(output)) {
                    throw new NibbleException(
                            "value \"%s\" is made by %s, but also by %s; export the model again"
                                    .formatted(
                                            output,
                                            describe(node),
                                            other == null
                                                    ? "an input or constant of that name"
                                                    : describe(other)));
                }
            }
        }
        return makers;
    }

    private void requireMade(String value, Node reader, Map<String, Node> makers) {
        if (value.isEmpty() || isMade(value)) {
            return;
        }
        Node maker = makers.get(value);
        throw new NibbleException(
                maker == null
                        ? "%s reads \"%s\", which is no input, no constant and made by no node; export the model again"
                                .formatted(describe(reader), value)
                        : "%s reads \"%s\", which %s makes only afterwards: the nodes are out of order or in a circle; export the model again"
                                .formatted(describe(reader), value, describe(maker)));
    }

    private boolean isMade(String value) {
        for (Wiring at = this; at != null; at = at.around) {
            if (at.made.contains(value)) {
                return true;
            }
        }
        return false;
    }

    private static String describe(Node node) {
        String name = node.name().isEmpty() ? node.output(0) : node.name();
        return "node \"%s\" (%s)".formatted(name, node.operator());
    }
}
