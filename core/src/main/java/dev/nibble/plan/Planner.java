package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Granularity;
import dev.nibble.number.Scheme;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Turns a recipe into a plan for one graph: every node gets a decision and a reason.
 *
 * <p>{@link Regions} finds the nodes that compute on codes; here their values get schemes, and
 * values that only move codes about share one.
 */
public final class Planner {
    private final Graph graph;
    private final NodeChoices choices;
    private final Regions regions;
    private final Map<String, NodeDecision> nodes;
    private final SharedEncodings shared = new SharedEncodings();
    private final Map<String, Scheme> schemes = new LinkedHashMap<>();
    private final Set<String> unobserved = new LinkedHashSet<>();
    private final Map<String, String> compromises = new TreeMap<>();

    private Planner(
            Graph graph, NodeChoices choices, Regions regions, Map<String, NodeDecision> settled) {
        this.graph = graph;
        this.choices = choices;
        this.regions = regions;
        this.nodes = new LinkedHashMap<>(settled);
    }

    /**
     * A plan and what it could not do as it was asked.
     *
     * @param compromises which wish was not granted and why, by value
     */
    public record Outcome(Plan plan, Map<String, String> compromises) {}

    /**
     * Plans a graph.
     *
     * @param graph with unique node names
     * @param before decisions made already, as for nodes that were folded away; they are kept
     * @throws dev.nibble.error.NibbleException if a pattern of the recipe matches nothing
     */
    public static Plan plan(Recipe recipe, Target target, Graph graph, Plan before) {
        return decide(recipe, target, graph, before).plan();
    }

    /** The same, with what could not be done as it was asked. */
    public static Outcome decide(Recipe recipe, Target target, Graph graph, Plan before) {
        NodeChoices choices = NodeChoices.of(recipe, graph);
        Regions regions = Regions.find(choices, target, graph);
        return new Planner(graph, choices, regions, before.nodes()).decide();
    }

    private Outcome decide() {
        nodes.putAll(regions.decisions());
        Set<String> quantized = regions.quantizedValues();
        Set<String> clipped = share(quantized);
        ActivationFormats formats =
                ActivationFormats.of(graph, regions, choices, quantized, shared);
        quantized.forEach(value -> schemes.put(value, activation(formats, value)));
        clipped.forEach(value -> schemes.putIfAbsent(value, activation(formats, value)));
        compromises.putAll(formats.refused());
        weights(quantized);
        return new Outcome(assemble(), compromises);
    }

    private static Scheme activation(ActivationFormats formats, String value) {
        return new Scheme(formats.of(value), false, Granularity.perTensor());
    }

    /** Joins values that share an encoding; gives those that an activation clips. */
    private Set<String> share(Set<String> quantized) {
        Set<String> clipped = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            Optional<NodeDecision> decision = Optional.ofNullable(nodes.get(node.name()));
            if (decision.isEmpty() || decision.get() instanceof NodeDecision.KeptFloat) {
                continue;
            }
            if (decision.get() instanceof NodeDecision.Absorbed
                    && quantized.contains(node.output(0))) {
                // what the activation clips away needs no codes: only its output makes the range
                shared.join(node.input(0), node.output(0));
                unobserved.add(node.input(0));
                clipped.add(node.input(0));
            } else if (regions.isShape(node)) {
                for (String input : regions.dataInputs(node)) {
                    node.outputs().stream()
                            .filter(quantized::contains)
                            .forEach(output -> shared.join(input, output));
                }
                unobserved.addAll(node.outputs());
            }
        }
        return clipped;
    }

    private void weights(Set<String> taken) {
        for (Node node : graph.allNodes().toList()) {
            NodeDecision decision = nodes.get(node.name());
            if (decision != null && decision.hasCodes()) {
                WeightOperand.of(graph, node).stream()
                        .filter(operand -> !taken.contains(operand.name()))
                        .forEach(this::weight);
            }
        }
    }

    private void weight(WeightOperand operand) {
        String name = operand.name();
        Scheme wanted = choices.formats(operand.node()).weights().scheme(operand);
        Scheme other = schemes.putIfAbsent(name, wanted);
        if (other == null || other.equals(wanted)) {
            return;
        }
        Scheme wider = wanted.format().bits() > other.format().bits() ? wanted : other;
        schemes.put(name, wider);
        compromises.put(
                name,
                "its readers ask for %s and for %s: %s is taken".formatted(other, wanted, wider));
    }

    private Plan assemble() {
        Map<String, Decision> values = new TreeMap<>();
        Map<String, String> groups = new TreeMap<>();
        Map<String, Set<String>> sources = new TreeMap<>();
        schemes.forEach((value, scheme) -> {
            String group = shared.find(value);
            values.put(group, new Decision.Planned(scheme));
            if (!group.equals(value)) {
                groups.put(value, group);
            }
            if (!unobserved.contains(value)) {
                sources.computeIfAbsent(group, _ -> new TreeSet<>()).add(value);
            }
        });
        return new Plan(nodes, values, groups, sources);
    }
}
