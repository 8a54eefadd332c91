package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;

import java.util.HashSet;
import java.util.Set;

/**
 * The absorbed activations that lowering leaves out, because the codes of their output already clip
 * as far as they do.
 */
public final class DroppedActivations {
    private DroppedActivations() {}

    /** Their node names. */
    public static Set<String> of(Graph graph, Plan plan) {
        Set<String> dropped = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (plan.node(node.name()).orElse(null) instanceof NodeDecision.Absorbed
                    && ClipBounds.of(graph, node).cover(encoding(plan, node.output(0)))) {
                dropped.add(node.name());
            }
        }
        return dropped;
    }

    private static Encoding encoding(Plan plan, String value) {
        return plan.encoding(value)
                .orElseThrow(
                        () -> new IllegalArgumentException("value " + value + " has no encoding"));
    }
}
