package dev.nibble.graph;

import dev.nibble.graph.Attribute.GraphList;
import dev.nibble.graph.Attribute.GraphValue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives every node of a graph a name that no other has.
 *
 * <p>Those without one are called after their operator and position. Those of subgraphs are called
 * after the way to them, as in {@code If_0/then_branch/Conv_3}.
 */
final class NodeNames {
    private final Set<String> taken = new HashSet<>();

    private NodeNames() {}

    static Graph unique(Graph graph) {
        NodeNames names = new NodeNames();
        Graph named = names.outer(graph);
        return named.innerNodes().findAny().isEmpty() ? named : names.inner(named, "");
    }

    /** Names the nodes of one graph, and leaves those inside of them. */
    private Graph outer(Graph graph) {
        List<Node> nodes = graph.nodes();
        Set<String> given = nodes.stream().map(Node::name).collect(Collectors.toSet());
        List<Node> renamed = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            String unique = node.name();
            for (int attempt = 0; unique.isEmpty() || !taken.add(unique); attempt++) {
                String stem =
                        node.name().isEmpty() ? node.opType() + "_" + i : node.name() + "_" + i;
                String candidate = attempt == 0 ? stem : stem + "_" + attempt;
                unique = given.contains(candidate) ? "" : candidate;
            }
            renamed.add(unique.equals(node.name()) ? node : node.withName(unique));
        }
        return graph.withNodes(renamed);
    }

    /** Names what is inside the nodes of a graph whose own nodes have their names. */
    private Graph inner(Graph graph, String path) {
        List<Node> nodes = new ArrayList<>(graph.nodes().size());
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            String own = path.isEmpty() ? node.name() : unique(node, i, path);
            nodes.add(within(own.equals(node.name()) ? node : node.withName(own)));
        }
        return graph.withNodes(nodes);
    }

    private String unique(Node node, int index, String path) {
        String own = node.name().isEmpty() ? node.opType() + "_" + index : node.name();
        String stem = own.startsWith(path) ? own : path + own;
        String candidate = stem;
        for (int attempt = index; !taken.add(candidate); attempt++) {
            candidate = stem + "_" + attempt;
        }
        return candidate;
    }

    private Node within(Node node) {
        if (node.subgraphs().findAny().isEmpty()) {
            return node;
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.replaceAll((name, attribute) -> {
            String path = node.name() + "/" + name;
            if (attribute instanceof GraphValue(Graph graph)) {
                return new GraphValue(inner(graph, path + "/"));
            }
            if (attribute instanceof GraphList(List<Graph> graphs)) {
                List<Graph> named = new ArrayList<>();
                for (Graph graph : graphs) {
                    named.add(inner(graph, path + "_" + named.size() + "/"));
                }
                return new GraphList(named);
            }
            return attribute;
        });
        return node.withAttributes(attributes);
    }
}
