package dev.nibble.prepare;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.HashMap;
import java.util.Map;

/**
 * Lets the readers of a constant under another name, given by Identity nodes, read the constant
 * itself. Exporters write so where layers share their weights.
 */
final class ConstantAliases {
    private static final String STEP = "ConstantAliases";

    private ConstantAliases() {}

    static Preparation resolve(Preparation before) {
        Graph graph = before.graph();
        Map<String, String> names = new HashMap<>();
        for (Node node : graph.nodes()) {
            String source = names.getOrDefault(node.input(0), node.input(0));
            if (node.is("Identity")
                    && graph.constant(source).isPresent()
                    && !graph.isOutput(node.output(0))) {
                names.put(node.output(0), source);
            }
        }
        if (names.isEmpty()) {
            return before;
        }
        Renaming renaming = new Renaming(names);
        return before.map(same ->
                        same.withNodes(
                                        same.nodes().stream()
                                                .filter(node -> !names.containsKey(node.output(0)))
                                                .map(renaming::reads)
                                                .toList())
                                .edit(editor -> names.keySet().forEach(editor::removeValue)))
                .noting(
                        STEP,
                        names.keySet().stream().sorted().findFirst().orElseThrow(),
                        "other names of constants: %d, taken out".formatted(names.size()));
    }
}
