package dev.nibble.pass;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.number.Range;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.Plan;
import dev.nibble.plan.RangeOverride;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The ranges that the user gave, looked up by value. */
public record RangeOverrides(List<RangeOverride> overrides) {
    /** None given. */
    public static final RangeOverrides NONE = new RangeOverrides(List.of());

    public RangeOverrides {
        overrides = List.copyOf(overrides);
    }

    /**
     * Complains about patterns that match no quantized value.
     *
     * @throws NibbleException naming the pattern and some values that there are
     */
    public void requireMatches(Graph graph, Plan plan) {
        for (RangeOverride override : overrides) {
            if (!isUsed(override, graph, plan)) {
                throw unmatched(override, plan);
            }
        }
    }

    /**
     * The ranges for values that are there, but no codes in this plan: a finding for each.
     *
     * @throws NibbleException if a pattern matches no value at all
     */
    public List<Finding> unused(Graph graph, Plan plan) {
        List<Finding> unused = new ArrayList<>();
        for (RangeOverride override : overrides) {
            if (isUsed(override, graph, plan)) {
                continue;
            }
            String value =
                    values(graph)
                            .filter(name -> matches(graph, override.pattern(), name))
                            .findFirst()
                            .orElseThrow(() -> unmatched(override, plan));
            unused.add(
                    new Skipped(
                            Calibration.NAME,
                            value,
                            "the range given for \"%s\" is not used: the formats of the nodes around it leave it float"
                                    .formatted(override.pattern())));
        }
        return unused;
    }

    private static Stream<String> values(Graph graph) {
        return Stream.concat(
                graph.inputs().stream().map(ValueInfo::name),
                graph.nodes().stream().flatMap(node -> node.outputs().stream()));
    }

    private static boolean isUsed(RangeOverride override, Graph graph, Plan plan) {
        return plan.values().keySet().stream()
                .flatMap(group -> members(plan, group))
                .anyMatch(value -> matches(graph, override.pattern(), value));
    }

    private static NibbleException unmatched(RangeOverride override, Plan plan) {
        return new NibbleException(
                "range pattern \""
                        + override.pattern()
                        + "\" matches no quantized value; values are named like "
                        + plan.values().keySet().stream().limit(5).toList());
    }

    /** The range given for a value or any that shares its encoding; the last one given wins. */
    Optional<Range> range(Graph graph, Plan plan, String group) {
        return overrides.reversed().stream()
                .filter(override ->
                        members(plan, group)
                                .anyMatch(value -> matches(graph, override.pattern(), value)))
                .map(RangeOverride::range)
                .findFirst();
    }

    private static Stream<String> members(Plan plan, String group) {
        return Stream.concat(
                Stream.of(group),
                plan.groups().entrySet().stream()
                        .filter(entry -> entry.getValue().equals(group))
                        .map(Map.Entry::getKey));
    }

    private static boolean matches(Graph graph, NamePattern pattern, String value) {
        Optional<Node> producer = graph.producer(value);
        return pattern.matchesName(value) || producer.filter(pattern::matches).isPresent();
    }
}
