package dev.nibble.repair;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Walk;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.lower.QdqLowering;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.pass.Pass;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.WeightedNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Mends the nodes with weights one after the other, each seeing the quantized network as mended so
 * far, in time linear in depth.
 *
 * @param name what findings and progress call it
 * @param repairs what to do to each node, in this order
 * @param most how many samples to look at; their inner values are kept in memory between two nodes
 */
public record Sequential(String name, List<NodeRepair> repairs, int most) implements Pass {
    public Sequential {
        repairs = List.copyOf(repairs);
        if (most < 1) {
            throw new IllegalArgumentException("at least 1 sample is needed, not " + most);
        }
    }

    @Override
    public Draft apply(Draft draft, Lab lab) {
        List<String> nodes =
                draft.graph().nodes().stream()
                        .filter(node -> WeightedNode.of(draft.graph(), node).isPresent())
                        .filter(node -> hasCodes(draft, node))
                        .map(Node::name)
                        .toList();
        if (lab.samples().size() == 0) {
            return draft.noting(new Skipped(name, draft.graph().name(), "there are no samples"));
        }
        Lab silent = lab.over(EvenlySpaced.atMost(most, lab.samples())).reportingTo(Progress.NONE);
        lab.progress().start(name, nodes.size());
        try (Walk floats = new Walk(name, silent);
                Walk quantized = new Walk(name, silent)) {
            Draft at = draft;
            for (int i = 0; i < nodes.size(); i++) {
                at = repair(at, nodes.get(i), floats, quantized);
                letGo(at, nodes.subList(i + 1, nodes.size()), floats, quantized);
                lab.progress().advance(1);
            }
            return at;
        } finally {
            lab.progress().finish();
        }
    }

    private static boolean hasCodes(Draft draft, Node node) {
        return draft.plan().node(node.name()).filter(NodeDecision::hasCodes).isPresent();
    }

    private Draft repair(Draft draft, String name, Walk floats, Walk quantized) {
        Draft at = draft;
        for (NodeRepair repair : repairs) {
            WeightedNode node = weighted(at, name);
            at = repair.repair(at, node, new Sight(at, node, floats, quantized));
        }
        return at;
    }

    private static WeightedNode weighted(Draft draft, String name) {
        return WeightedNode.of(draft.graph(), draft.graph().node(name)).orElseThrow();
    }

    /** Forgets what no later node needs. */
    private static void letGo(Draft draft, List<String> later, Walk floats, Walk quantized) {
        Model lowered = QdqLowering.lower(draft);
        Set<String> floatValues = new TreeSet<>();
        Set<String> quantizedValues = new HashSet<>();
        for (String name : later) {
            WeightedNode node = weighted(draft, name);
            floatValues.add(node.input());
            floatValues.add(Sight.landing(draft, node));
            quantizedValues.add(Sight.quantizedInput(lowered, node));
        }
        floats.keepFor(draft.model(), floatValues);
        quantized.keepFor(lowered, quantizedValues);
    }
}
