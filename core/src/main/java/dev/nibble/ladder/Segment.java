package dev.nibble.ladder;

import dev.nibble.graph.Node;
import dev.nibble.pass.Draft;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.WeightedNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive nodes that compute on codes: a layer and the nodes without weights that follow it, or
 * several of these.
 *
 * @param nodes their names in the order of the graph
 */
record Segment(List<String> nodes) {
    Segment {
        nodes = List.copyOf(nodes);
    }

    /** The first node, which stands for all in findings. */
    String name() {
        return nodes.getFirst();
    }

    /** What all its nodes become. */
    List<NodeScheme> schemes(NodeScheme.Choice choice) {
        return nodes.stream()
                .map(node -> new NodeScheme(NamePattern.exactly(node), choice))
                .toList();
    }

    /** All that a plan made codes of; what precedes the first layer belongs to it. */
    static List<Segment> of(Draft planned) {
        List<Segment> segments = new ArrayList<>();
        List<String> open = new ArrayList<>();
        boolean hasLayer = false;
        for (Node node : planned.graph().nodes()) {
            NodeDecision decision = planned.plan().node(node.name()).orElse(null);
            if (decision == null || decision instanceof NodeDecision.KeptFloat) {
                continue;
            }
            if (WeightedNode.of(planned.graph(), node).isPresent()) {
                if (hasLayer) {
                    segments.add(new Segment(open));
                    open.clear();
                }
                hasLayer = true;
            }
            open.add(node.name());
        }
        if (!open.isEmpty()) {
            segments.add(new Segment(open));
        }
        return segments;
    }

    /** Joins neighbours to at most so many segments of about as many layers each. */
    static List<Segment> joined(List<Segment> segments, int most) {
        int count = Math.min(most, segments.size());
        List<Segment> joined = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) i * segments.size() / count);
            int to = (int) ((long) (i + 1) * segments.size() / count);
            joined.add(
                    new Segment(
                            segments.subList(from, to).stream()
                                    .flatMap(segment -> segment.nodes().stream())
                                    .toList()));
        }
        return joined;
    }
}
