package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Granularity;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.Scheme;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;

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
    private final Recipe recipe;
    private final Graph graph;
    private final Regions regions;
    private final Map<String, NodeDecision> nodes;
    private final SharedEncodings shared = new SharedEncodings();
    private final Map<String, Scheme> schemes = new LinkedHashMap<>();
    private final Set<String> unobserved = new LinkedHashSet<>();

    private Planner(
            Recipe recipe, Graph graph, Regions regions, Map<String, NodeDecision> settled) {
        this.recipe = recipe;
        this.graph = graph;
        this.regions = regions;
        this.nodes = new LinkedHashMap<>(settled);
    }

    /**
     * Plans a graph.
     *
     * @param graph with unique node names
     * @param before decisions made already, as for nodes that were folded away; they are kept
     * @throws dev.nibble.error.NibbleException if a pattern of the recipe matches nothing
     */
    public static Plan plan(Recipe recipe, Target target, Graph graph, Plan before) {
        Map<String, String> keptByUser = KeepFloat.matches(recipe.keepFloat(), graph);
        Regions regions = Regions.find(recipe, target, graph, keptByUser);
        return new Planner(recipe, graph, regions, before.nodes()).plan();
    }

    private Plan plan() {
        nodes.putAll(regions.decisions());
        switch (recipe.activations()) {
            case FloatActivations _ -> weights(Set.of());
            case StaticActivations(IntegerFormat format, _) -> {
                Set<String> quantized = regions.quantizedValues();
                quantized.forEach(value ->
                        schemes.put(value, new Scheme(format, false, Granularity.perTensor())));
                share(quantized);
                weights(quantized);
            }
        }
        return assemble();
    }

    private void share(Set<String> quantized) {
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
                schemes.putIfAbsent(node.input(0), schemes.get(node.output(0)));
            } else if (regions.isShape(node)) {
                for (String input : regions.dataInputs(node)) {
                    node.outputs().stream()
                            .filter(quantized::contains)
                            .forEach(output -> shared.join(input, output));
                }
                unobserved.addAll(node.outputs());
            }
        }
    }

    private void weights(Set<String> taken) {
        for (Node node : graph.nodes()) {
            boolean coded =
                    nodes.get(node.name()) instanceof NodeDecision.Quantized
                            || nodes.get(node.name()) instanceof NodeDecision.WeightOnly;
            if (coded) {
                WeightedNode.of(graph, node)
                        .filter(weighted -> !taken.contains(weighted.weightName()))
                        .ifPresent(weighted ->
                                schemes.put(weighted.weightName(), weightScheme(weighted)));
            }
        }
    }

    private Scheme weightScheme(WeightedNode weighted) {
        Granularity granularity =
                recipe.perChannel()
                        ? new Granularity.PerAxis(weighted.outputAxis())
                        : Granularity.perTensor();
        return new Scheme(recipe.weightFormat(), true, granularity);
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
