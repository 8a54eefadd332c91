package dev.nibble.prepare;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;

import java.util.HashMap;
import java.util.Map;

/** Refuses a network in which two things make a value of the same name. */
final class UniqueValues {
    private UniqueValues() {}

    static Preparation require(Preparation before) {
        check(before.graph());
        return before;
    }

    private static void check(Graph graph) {
        Map<String, String> makers = new HashMap<>();
        for (ValueInfo input : graph.inputs()) {
            makers.put(input.name(), "an input of graph \"" + graph.name() + "\"");
        }
        graph.constants()
                .keySet()
                .forEach(name ->
                        makers.put(name, "an initializer of graph \"" + graph.name() + "\""));
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            String maker = "%s (%s)".formatted(named(node, i), node.operator());
            for (String output : node.outputs()) {
                String other = output.isEmpty() ? null : makers.put(output, "node " + maker);
                if (other != null) {
                    throw new NibbleException(
                            "value \"%s\" is made twice, by %s and by node %s; rename one of them, or export the model again"
                                    .formatted(output, other, maker));
                }
            }
            node.subgraphs().forEach(UniqueValues::check);
        }
    }

    private static String named(Node node, int index) {
        return node.name().isEmpty() ? "number " + index : "\"" + node.name() + "\"";
    }
}
