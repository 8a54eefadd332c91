package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.IntegerFormat;
import dev.nibble.plan.Recipe.DynamicActivations;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The formats of values, from the wishes of the nodes around them: a layer wishes for what it
 * reads, a node that a pattern names for what it makes, too. The widest wish is granted. Nodes that
 * move codes about wish for nothing of their own.
 */
final class ActivationFormats {
    private final NodeChoices choices;
    private final SharedEncodings shared;
    private final Map<String, List<Wish>> wishes = new TreeMap<>();
    private final Map<String, IntegerFormat> unread = new LinkedHashMap<>();

    private ActivationFormats(NodeChoices choices, SharedEncodings shared) {
        this.choices = choices;
        this.shared = shared;
    }

    private record Wish(String node, IntegerFormat format) {}

    /**
     * Asks every node that computes on codes.
     *
     * @param quantized the values that become codes
     * @param shared which of them share an encoding
     */
    static ActivationFormats of(
            Graph graph,
            Regions regions,
            NodeChoices choices,
            Set<String> quantized,
            SharedEncodings shared) {
        ActivationFormats formats = new ActivationFormats(choices, shared);
        for (Node node : graph.nodes()) {
            if (!regions.isOnCodes(node)) {
                continue;
            }
            boolean named = choices.isNamed(node);
            if (named || regions.computes(node)) {
                regions.dataInputs(node).forEach(input -> formats.wish(node, input));
            }
            for (String output : node.outputs()) {
                if (named && quantized.contains(output)) {
                    formats.wish(node, output);
                }
                formats.activation(node)
                        .ifPresent(
                                format -> formats.unread.putIfAbsent(shared.find(output), format));
            }
        }
        return formats;
    }

    private Optional<IntegerFormat> activation(Node node) {
        return switch (choices.formats(node).activations()) {
            case StaticActivations statics -> Optional.of(statics.format());
            case FloatActivations _, DynamicActivations _ -> Optional.empty();
        };
    }

    private void wish(Node node, String value) {
        activation(node)
                .ifPresent(format ->
                        wishes.computeIfAbsent(shared.find(value), _ -> new ArrayList<>())
                                .add(new Wish(node.name(), format)));
    }

    /** The format of a value. */
    IntegerFormat of(String value) {
        String group = shared.find(value);
        return Optional.ofNullable(wishes.get(group))
                .map(asked -> widest(asked).format())
                .or(() -> Optional.ofNullable(unread.get(group)))
                .orElseThrow(
                        () -> new IllegalArgumentException("nobody asks for codes of " + value));
    }

    /** Which wishes were not granted and why, by value. */
    Map<String, String> refused() {
        Map<String, String> reasons = new TreeMap<>();
        wishes.forEach((group, asked) -> {
            Wish granted = widest(asked);
            asked.stream()
                    .filter(wish -> !wish.format().equals(granted.format()))
                    .findFirst()
                    .ifPresent(wish -> reasons.put(group, reason(wish, granted)));
        });
        return reasons;
    }

    private static String reason(Wish wish, Wish granted) {
        return "%s asks for %s, but %s for %s: the wider one is taken"
                .formatted(wish.node(), wish.format(), granted.node(), granted.format());
    }

    private static Wish widest(List<Wish> asked) {
        Wish widest = asked.getFirst();
        for (Wish wish : asked) {
            widest = wish.format().bits() > widest.format().bits() ? wish : widest;
        }
        return widest;
    }
}
