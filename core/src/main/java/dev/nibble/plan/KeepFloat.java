package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which nodes the user wants left alone. */
final class KeepFloat {
    private static final int NAMES_SHOWN = 5;

    private KeepFloat() {}

    /**
     * The reason for each node that a pattern matches, by node name.
     *
     * @throws NibbleException if a pattern matches no node
     */
    static Map<String, String> matches(List<NamePattern> patterns, Graph graph) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (NamePattern pattern : patterns) {
            List<Node> matched =
                    graph.nodes().stream()
                            .filter(node ->
                                    pattern.matchesName(node.name())
                                            || pattern.matchesType(node.opType()))
                            .toList();
            if (matched.isEmpty()) {
                throw new NibbleException(
                        "keep-float pattern \""
                                + pattern
                                + "\" matches no node; nodes are named like "
                                + graph.nodes().stream().map(Node::name).limit(NAMES_SHOWN).toList()
                                + ", see `nibble inspect`");
            }
            matched.forEach(
                    node -> reasons.put(node.name(), "kept float as asked by \"" + pattern + "\""));
        }
        return reasons;
    }
}
