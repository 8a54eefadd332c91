package dev.nibble.lower;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The axes of ReduceMean and its like, an attribute up to opset 17 (ReduceSum: 12) and an input
 * since; nothing else about them changed.
 */
final class ReducedAxes {
    private static final String AXES = "axes";

    private ReducedAxes() {}

    /** Whether a node is a reduction of this graph, not of a subgraph. */
    static boolean isMovable(Graph graph, Node node) {
        return node.opType().startsWith("Reduce") && graph.nodes().contains(node);
    }

    /** Moves the axes of the reductions that change. */
    static Graph move(Graph graph, Predicate<String> changes) {
        return graph.edit(editor ->
                graph.nodes().stream()
                        .filter(node ->
                                node.domain().isEmpty()
                                        && node.opType().startsWith("Reduce")
                                        && changes.test(node.opType()))
                        .forEach(node ->
                                node.integers(AXES).ifPresent(axes -> move(node, axes, editor))));
    }

    private static void move(Node node, List<Long> axes, GraphEditor editor) {
        String name = editor.fresh(node.output(0) + "_axes");
        editor.constant(
                name,
                Tensor.ofLongs(
                        Shape.of(axes.size()), axes.stream().mapToLong(Long::longValue).toArray()));
        Map<String, Attribute> rest = new LinkedHashMap<>(node.attributes());
        rest.remove(AXES);
        editor.replace(
                node,
                new Node(
                        node.name(),
                        node.opType(),
                        node.domain(),
                        List.of(node.input(0), name),
                        node.outputs(),
                        rest,
                        node.extras()));
    }
}
