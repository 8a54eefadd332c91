package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one value of several names for the same, and removes the Identity nodes between them.
 *
 * <p>What callers and subgraphs know keeps its name.
 */
final class Aliases {
    private final Graph graph;
    private final Set<Node> identities;
    private final Set<String> nameless;
    private final Set<String> captured = new HashSet<>();
    private final Map<String, String> names = new HashMap<>();

    private Aliases(Graph graph, Set<Node> identities, Set<String> nameless) {
        this.graph = graph;
        this.identities = identities;
        this.nameless = nameless;
        graph.nodes().stream()
                .flatMap(Node::subgraphs)
                .forEach(subgraph -> captured.addAll(subgraph.captures()));
    }

    /**
     * The graph without the given Identity nodes, as far as that is possible.
     *
     * @param identities by identity of the object
     * @param nameless values that may take the name of another that is the same
     */
    static Graph unite(Graph graph, Set<Node> identities, Set<String> nameless) {
        return new Aliases(graph, identities, nameless).unite();
    }

    private Graph unite() {
        classes().forEach(this::choose);
        return graph.edit(editor -> {
            for (Node node : graph.nodes()) {
                boolean gone =
                        identities.contains(node)
                                && name(node.input(0)).equals(name(node.output(0)));
                if (gone) {
                    editor.remove(node);
                } else {
                    editor.update(node, this::renamed);
                }
            }
            names.forEach((from, to) -> {
                Optional.ofNullable(graph.constants().get(from))
                        .ifPresent(tensor -> {
                            editor.removeConstant(from);
                            editor.constant(to, tensor);
                        });
                editor.removeValue(from);
            });
        });
    }

    /** The other names of each value, in the order of the graph. */
    private Map<String, List<String>> classes() {
        Map<String, String> roots = new HashMap<>();
        Map<String, List<String>> classes = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (identities.contains(node)) {
                String root = roots.getOrDefault(node.input(0), node.input(0));
                roots.put(node.output(0), root);
                classes.computeIfAbsent(root, _ -> new ArrayList<>()).add(node.output(0));
            }
        }
        return classes;
    }

    private void choose(String root, List<String> others) {
        boolean movable =
                !graph.isInput(root)
                        && !graph.isOutput(root)
                        && !captured.contains(root)
                        && (nameless.contains(root) || !graph.constants().containsKey(root));
        String chosen = root;
        if (movable) {
            chosen =
                    others.stream()
                            .filter(graph::isOutput)
                            .findFirst()
                            .or(() ->
                                    nameless.contains(root) ? firstNamed(others) : Optional.empty())
                            .orElse(root);
        }
        if (!chosen.equals(root)) {
            names.put(root, chosen);
        }
        for (String other : others) {
            if (!other.equals(chosen) && !graph.isOutput(other) && !captured.contains(other)) {
                names.put(other, chosen);
            }
        }
    }

    private Optional<String> firstNamed(List<String> others) {
        return others.stream()
                .filter(other -> !nameless.contains(other))
                .findFirst()
                .or(() -> others.stream().findFirst());
    }

    private String name(String value) {
        return names.getOrDefault(value, value);
    }

    private Node renamed(Node node) {
        return node.withInputs(node.inputs().stream().map(this::name).toList())
                .withOutputs(node.outputs().stream().map(this::name).toList());
    }
}
