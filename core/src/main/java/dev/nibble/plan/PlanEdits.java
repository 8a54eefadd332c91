package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.plan.NodeDecision.Absorbed;
import dev.nibble.plan.NodeDecision.KeptFloat;
import dev.nibble.plan.Recipe.DynamicActivations;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.SavedNode.Choice;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes of a saved plan that are not as its recipe says: what somebody has edited.
 *
 * @param saved the plan as it is to be
 * @param graph with normalization folded and the plan's passes applied that change it
 * @param base what the plan's recipe alone makes of the graph
 */
public record PlanEdits(SavedPlan saved, Graph graph, Plan base) {
    private static final int NAMES_SHOWN = 5;

    /**
     * The recipe with a scheme for each node whose decision was edited.
     *
     * @throws NibbleException if the network has no such node, or it cannot become what is asked
     */
    public Recipe recipe() {
        requireNodes();
        List<NodeScheme> schemes = new ArrayList<>();
        for (SavedNode node : edited()) {
            schemes.add(new NodeScheme(new NamePattern(node.node()), choice(node)));
        }
        return saved.recipe().withSchemes(schemes);
    }

    private void requireNodes() {
        List<String> missing =
                saved.nodes().stream()
                        .map(SavedNode::node)
                        .filter(node -> base.node(node).isEmpty())
                        .toList();
        if (!missing.isEmpty()) {
            throw new NibbleException(
                    "the plan names %d nodes that the network does not have: %s%s; take them out, or use the network that the plan was made for (SHA-256 %s)"
                            .formatted(
                                    missing.size(),
                                    String.join(", ", missing.stream().limit(NAMES_SHOWN).toList()),
                                    missing.size() > NAMES_SHOWN ? ", …" : "",
                                    saved.network()));
        }
        for (Node node : graph.allNodes().toList()) {
            entry(node.name())
                    .filter(entry -> !entry.operator().equals(node.operator()))
                    .ifPresent(entry -> {
                        throw new NibbleException(
                                "node %s is a %s, but the plan says %s; use the network that the plan was made for (SHA-256 %s)"
                                        .formatted(
                                                entry.node(),
                                                node.operator(),
                                                entry.operator(),
                                                saved.network()));
                    });
        }
    }

    private Optional<SavedNode> entry(String node) {
        return saved.nodes().stream().filter(entry -> entry.node().equals(node)).findFirst();
    }

    private List<SavedNode> edited() {
        return saved.nodes().stream()
                .filter(entry ->
                        Choice.of(base.node(entry.node()).orElseThrow()) != entry.decision())
                .toList();
    }

    private NodeScheme.Choice choice(SavedNode entry) {
        boolean folded = graph.allNodes().noneMatch(node -> node.name().equals(entry.node()));
        NodeDecision now = base.node(entry.node()).orElseThrow();
        if (folded || entry.decision() == Choice.ABSORBED) {
            throw impossible(entry, now);
        }
        Weights weights = entry.weights().orElse(saved.recipe().weights());
        return switch (entry.decision()) {
            case FLOAT -> new NodeScheme.StayFloat();
            case WEIGHTS -> new NodeScheme.Like(Recipe.of("plan", weights, new FloatActivations()));
            case DYNAMIC ->
                    new NodeScheme.Like(Recipe.of("plan", weights, new DynamicActivations()));
            case QUANTIZED, ABSORBED -> {
                if (!saved.recipe().needsSamples()) {
                    throw new NibbleException(
                            "node %s cannot be quantized: recipe %s measures no ranges of activations; write \"weights\""
                                    .formatted(entry.node(), saved.recipe().name()));
                }
                yield new NodeScheme.Like(Recipe.of("plan", weights, saved.recipe().activations()));
            }
        };
    }

    private static NibbleException impossible(SavedNode entry, NodeDecision now) {
        String why =
                switch (now) {
                    case Absorbed(String into) -> " (by " + into + ")";
                    case KeptFloat(String reason) -> " (" + reason + ")";
                    case NodeDecision.WeightOnly(String reason) when !reason.isEmpty() ->
                            " (" + reason + ")";
                    case NodeDecision.Quantized _,
                            NodeDecision.Dynamic _,
                            NodeDecision.WeightOnly _ ->
                            "";
                };
        return new NibbleException(
                "node %s cannot be \"%s\": in this network it is \"%s\"%s; write that, or change the recipe of the plan or the nodes around it"
                        .formatted(entry.node(), entry.decision(), Choice.of(now), why));
    }

    /**
     * The plan that the edited recipe makes, with the formats of weights that nodes ask for.
     *
     * @throws NibbleException if a node did not become what was asked, or two disagree about
     *     weights that they share
     */
    public Plan decided(Plan planned) {
        for (SavedNode entry : edited()) {
            NodeDecision now = planned.node(entry.node()).orElseThrow();
            if (Choice.of(now) != entry.decision()) {
                throw impossible(entry, now);
            }
        }
        Plan at = planned;
        Set<String> settled = new HashSet<>();
        for (Node node : graph.allNodes().toList()) {
            if (hasCodes(planned, node)) {
                for (WeightOperand operand : WeightOperand.of(graph, node)) {
                    at = withWeights(at, operand, settled);
                }
            }
        }
        return at;
    }

    private static boolean hasCodes(Plan plan, Node node) {
        return plan.node(node.name()).filter(NodeDecision::hasCodes).isPresent();
    }

    private Plan withWeights(Plan plan, WeightOperand operand, Set<String> settled) {
        String name = operand.name();
        Optional<Weights> wanted = entry(operand.node().name()).flatMap(SavedNode::weights);
        if (wanted.isEmpty()
                || !(plan.value(name).orElse(null) instanceof Decision.Planned planned)) {
            return plan;
        }
        Decision.Planned asked = new Decision.Planned(wanted.get().scheme(operand));
        boolean other = !asked.equals(planned);
        if (other && (settled.contains(name) || !planned.scheme().symmetric())) {
            throw new NibbleException(
                    "node %s cannot store its weights %s as %s: others read them as %s; give all of them the same format"
                            .formatted(
                                    operand.node().name(), name, asked.scheme(), planned.scheme()));
        }
        settled.add(name);
        return plan.with(name, asked);
    }
}
