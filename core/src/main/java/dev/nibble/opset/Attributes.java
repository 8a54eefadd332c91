package dev.nibble.opset;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rewrites of attributes that were dropped, renamed or got another default or spelling. */
final class Attributes {
    private Attributes() {}

    static Node without(Node node, String... names) {
        Map<String, Attribute> rest = new LinkedHashMap<>(node.attributes());
        rest.keySet().removeAll(List.of(names));
        return rest.size() == node.attributes().size() ? node : Scope.with(node, rest);
    }

    /** Attributes that meant nothing, or nothing that the operator does not do anyway. */
    static Rewrite drop(String... names) {
        return (node, _) -> List.of(without(node, names));
    }

    /** A default that changed: the old one is written down. */
    static Rewrite spellOut(String name, Attribute formerDefault) {
        return (node, _) ->
                List.of(
                        node.attributes().containsKey(name)
                                ? node
                                : node.with(name, formerDefault));
    }

    static Rewrite rename(String from, String to) {
        return (node, _) -> {
            Attribute value = node.attributes().get(from);
            return List.of(value == null ? node : without(node, from).with(to, value));
        };
    }

    /** Values of a text attribute that are spelled otherwise now. */
    static Rewrite respell(String name, Map<String, String> spellings) {
        return (node, _) ->
                List.of(
                        node.text(name)
                                .map(spellings::get)
                                .map(now -> node.with(name, new StringValue(now)))
                                .orElse(node));
    }

    /** A number with a fraction that became an integer, as the exponent of a norm. */
    static Rewrite toInteger(String name) {
        return (node, scope) -> {
            if (!(node.attributes().get(name) instanceof FloatValue(float value))) {
                return List.of(node);
            }
            if (value != Math.rint(value)) {
                throw scope.refusal(
                        node,
                        "its %s is %s and must be an integer there".formatted(name, value),
                        "change it before exporting");
            }
            return List.of(node.with(name, new IntValue((long) value)));
        };
    }

    /** Type names that became numbers. */
    static Rewrite typeNumber(String name) {
        return (node, scope) -> {
            String text = node.text(name).orElse("");
            if (text.isEmpty()) {
                return List.of(node);
            }
            String wanted =
                    switch (text) {
                        case "FLOAT" -> "FLOAT32";
                        case "DOUBLE" -> "FLOAT64";
                        default -> text;
                    };
            return ElementTypes.BY_NUMBER.stream()
                    .filter(type -> type.name().equals(wanted))
                    .findFirst()
                    .map(type -> List.of(node.with(name, ElementTypes.number(type))))
                    .orElseThrow(() ->
                            scope.refusal(
                                    node,
                                    "its type \"%s\" is none that ONNX names".formatted(text),
                                    "name one, as in FLOAT or INT64"));
        };
    }

    /**
     * Operators that trained unless told otherwise, and since compute as trained networks do.
     *
     * <p>A node that trains depends on chance or on its batch; there is no equal network for
     * inference.
     */
    static Rewrite notTraining() {
        return (node, scope) -> {
            if (node.integer("is_test", 0) == 0) {
                throw scope.refusal(
                        node,
                        "without is_test=1 it trains",
                        "set is_test to 1 or export the network for inference");
            }
            return List.of(without(node, "is_test"));
        };
    }

    /** Outputs that no one reads, from the given one on, are not delivered any more. */
    static Node trimmed(Node node, Scope scope, int from) {
        List<String> outputs = new ArrayList<>(node.outputs());
        while (outputs.size() > from && !scope.isUsed(outputs.getLast())) {
            outputs.removeLast();
        }
        return outputs.size() == node.outputs().size() ? node : node.withOutputs(outputs);
    }
}
