package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.plan.NodeScheme.Like;
import dev.nibble.plan.NodeScheme.StayFloat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a recipe asks of each node: the formats of its layers, or those of its edges, or what a
 * pattern says.
 */
final class NodeChoices {
    private static final int NAMES_SHOWN = 5;

    private final Recipe recipe;
    private final Set<String> edges;
    private final Map<String, String> keptFloat = new HashMap<>();
    private final Map<String, LayerFormats> own = new HashMap<>();

    private NodeChoices(Recipe recipe, Set<String> edges) {
        this.recipe = recipe;
        this.edges = edges;
    }

    /**
     * Looks the patterns of a recipe up in a graph.
     *
     * @throws NibbleException if a pattern matches no node
     */
    static NodeChoices of(Recipe recipe, Graph graph) {
        boolean plain = recipe.edges().equals(recipe.layers());
        NodeChoices choices = new NodeChoices(recipe, plain ? Set.of() : EdgeLayers.of(graph));
        for (NodeScheme scheme : recipe.schemes()) {
            for (Node node : matching("scheme", scheme.pattern(), graph)) {
                choices.choose(node.name(), scheme);
            }
        }
        for (NamePattern pattern : recipe.keepFloat()) {
            for (Node node : matching("keep-float", pattern, graph)) {
                choices.keptFloat.put(node.name(), asked(pattern.text()));
            }
        }
        return choices;
    }

    private void choose(String node, NodeScheme scheme) {
        switch (scheme.choice()) {
            case StayFloat() -> keptFloat.put(node, asked(scheme.toString()));
            case Like(Recipe like) -> {
                keptFloat.remove(node);
                own.put(node, like.layers());
            }
        }
    }

    private static String asked(String pattern) {
        return "kept float as asked by \"" + pattern + "\"";
    }

    private static List<Node> matching(String kind, NamePattern pattern, Graph graph) {
        List<Node> matched = graph.allNodes().filter(pattern::matches).toList();
        if (matched.isEmpty()) {
            throw new NibbleException(
                    kind
                            + " pattern \""
                            + pattern
                            + "\" matches no node; nodes are named like "
                            + graph.allNodes().map(Node::name).limit(NAMES_SHOWN).toList()
                            + ", see `nibble inspect`");
        }
        return matched;
    }

    /** Why a node is to be left alone; empty if it is not. */
    Optional<String> keptFloat(Node node) {
        return Optional.ofNullable(keptFloat.get(node.name()));
    }

    /** Whether a pattern says what the node becomes. */
    boolean isNamed(Node node) {
        return own.containsKey(node.name());
    }

    LayerFormats formats(Node node) {
        LayerFormats usual = edges.contains(node.name()) ? recipe.edges() : recipe.layers();
        return own.getOrDefault(node.name(), usual);
    }
}
