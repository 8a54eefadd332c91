package dev.nibble.pass;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Range;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.Plan;
import dev.nibble.plan.RangeOverride;

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
            boolean matches =
                    plan.values().keySet().stream()
                            .anyMatch(group ->
                                    members(plan, group)
                                            .anyMatch(value ->
                                                    matches(graph, override.pattern(), value)));
            if (!matches) {
                throw new NibbleException(
                        "range pattern \""
                                + override.pattern()
                                + "\" matches no quantized value; values are named like "
                                + plan.values().keySet().stream().limit(5).toList());
            }
        }
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
        return pattern.matchesName(value)
                || producer.filter(node ->
                                pattern.matchesName(node.name())
                                        || pattern.matchesType(node.opType()))
                        .isPresent();
    }
}
