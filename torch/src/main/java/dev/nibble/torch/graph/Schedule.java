package dev.nibble.torch.graph;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of a graph in the order in which they run.
 *
 * @param steps the nodes that compute something
 */
record Schedule(List<Step> steps) {
    Schedule {
        steps = List.copyOf(steps);
    }

    /**
     * A node and the values that nobody reads after it.
     *
     * @param last values of this graph, those included that the node makes for nobody
     */
    record Step(Node node, List<String> last) {
        Step {
            last = List.copyOf(last);
        }
    }

    static Schedule of(Graph graph) {
        List<Node> nodes = graph.nodes().stream().filter(node -> !node.is("Constant")).toList();
        Map<String, Integer> lastUse = new HashMap<>();
        graph.fedInputs().forEach(input -> lastUse.put(input.name(), 0));
        for (int i = 0; i < nodes.size(); i++) {
            int at = i;
            nodes.get(i).outputs().forEach(output -> lastUse.put(output, at));
            nodes.get(i).reads().forEach(read -> lastUse.computeIfPresent(read, (_, _) -> at));
        }
        Set<String> kept = new HashSet<>(Set.of(""));
        graph.outputs().stream().map(ValueInfo::name).forEach(kept::add);
        List<List<String>> last = new ArrayList<>();
        nodes.forEach(_ -> last.add(new ArrayList<>()));
        lastUse.forEach((value, at) -> {
            if (!kept.contains(value) && !last.isEmpty()) {
                last.get(at).add(value);
            }
        });
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            steps.add(new Step(nodes.get(i), last.get(i)));
        }
        return new Schedule(steps);
    }
}
