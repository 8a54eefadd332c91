package dev.nibble.torch.simulate;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.lower.DroppedActivations;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;

import java.util.Optional;
import java.util.Set;

/** Where a plan puts the roundings of a graph, as lowering writes them down. */
public final class Placement {
    private final Graph graph;
    private final Plan plan;
    private final Set<String> dropped;

    public Placement(Graph graph, Plan plan) {
        this.graph = graph;
        this.plan = plan;
        this.dropped = DroppedActivations.of(graph, plan);
    }

    /** Whether a node reads codes where there are any, instead of the float numbers behind them. */
    public boolean readsCodes(Node node) {
        NodeDecision decision = plan.node(node.name()).orElse(null);
        return decision instanceof NodeDecision.Quantized
                || decision instanceof NodeDecision.WeightOnly;
    }

    /**
     * Whether a computed value is rounded at all: it has an encoding, and is not only on its way to
     * an activation that lowering leaves out.
     */
    public boolean isRounded(String value) {
        boolean onItsWay =
                graph.soleConsumer(value)
                        .filter(node ->
                                dropped.contains(node.name()) && node.input(0).equals(value))
                        .isPresent();
        return !onItsWay && plan.encoding(value).isPresent();
    }

    /** Whether all who read a value get it rounded, because its producer delivers codes. */
    public boolean isMadeOfCodes(String value) {
        Optional<NodeDecision> decision =
                graph.producer(value).flatMap(node -> plan.node(node.name()));
        return decision.isPresent()
                && (decision.get() instanceof NodeDecision.Quantized
                        || decision.get() instanceof NodeDecision.Absorbed);
    }
}
