package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

/** Removes constants that nobody reads any more, left behind by folding and lowering. */
public record UnusedConstants() implements Pass {
    @Override
    public Draft apply(Draft draft, Lab lab) {
        return draft.mapGraph(UnusedConstants::removeFrom);
    }

    /** The graph without initializers and {@code Constant} nodes that nothing reads. */
    public static Graph removeFrom(Graph graph) {
        return graph.edit(editor -> {
            graph.constants().keySet().stream()
                    .filter(name -> isUnread(graph, name))
                    .forEach(editor::removeConstant);
            for (Node node : graph.nodes()) {
                if (node.is("Constant") && isUnread(graph, node.output(0))) {
                    editor.remove(node);
                }
            }
        });
    }

    private static boolean isUnread(Graph graph, String value) {
        return graph.consumers(value).isEmpty() && !graph.isOutput(value);
    }
}
