package dev.nibble.torch.operator;

import dev.nibble.graph.Attribute.StringList;
import dev.nibble.graph.Node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a node may not ask of an operator that is known otherwise. */
final class Limits {
    private static final int PEEPHOLES = 7;
    private static final Set<Long> TYPES = Set.of(1L, 2L, 3L, 5L, 6L, 7L, 9L, 10L, 11L, 16L);

    private Limits() {}

    /** Why a node is beyond what is known of its operator; empty if it is not. */
    static Optional<String> of(Node node) {
        return switch (node.opType()) {
            case "BatchNormalization", "MaxPool" -> oneOutput(node);
            case "Cast" -> cast(node);
            case "GRU" -> recurrent(node, List.of("Sigmoid", "Tanh"));
            case "LSTM" ->
                    node.hasInput(PEEPHOLES)
                            ? Optional.of("it has peepholes")
                            : recurrent(node, List.of("Sigmoid", "Tanh", "Tanh"));
            case "Pad" -> among(node, "mode", "constant", "edge", "reflect", "wrap");
            case "RNN" -> recurrent(node, List.of(relu(node) ? "Relu" : "Tanh"));
            case "Resize" -> resize(node);
            case "ScatterND" -> among(node, "reduction", "none", "add");
            default -> Optional.empty();
        };
    }

    private static Optional<String> oneOutput(Node node) {
        return node.output(1).isEmpty()
                ? Optional.empty()
                : Optional.of("its output %s is not computed".formatted(node.output(1)));
    }

    private static Optional<String> cast(Node node) {
        long to = node.integer("to", 0);
        return TYPES.contains(to)
                ? Optional.empty()
                : Optional.of(
                        "it casts to type %d, which is not float32, float64, float16, bfloat16,"
                                        .formatted(to)
                                + " bool, uint8 or a signed whole number");
    }

    private static Optional<String> among(Node node, String attribute, String... known) {
        String given = node.text(attribute).orElse(known[0]);
        return List.of(known).contains(given)
                ? Optional.empty()
                : Optional.of(
                        "its %s is %s, not %s"
                                .formatted(attribute, given, String.join(" or ", known)));
    }

    private static Optional<String> resize(Node node) {
        if (node.integer("antialias", 0) != 0) {
            return Optional.of("antialias is set");
        }
        return among(node, "keep_aspect_ratio_policy", "stretch")
                .or(() -> among(node, "mode", "nearest", "linear", "cubic"))
                .or(() ->
                        among(
                                node,
                                "coordinate_transformation_mode",
                                "half_pixel",
                                "half_pixel_symmetric",
                                "pytorch_half_pixel",
                                "asymmetric",
                                "align_corners",
                                "tf_half_pixel_for_nn"));
    }

    private static boolean relu(Node node) {
        return node.attributes().get("activations") instanceof StringList(List<String> given)
                && given.getFirst().equalsIgnoreCase("Relu");
    }

    private static Optional<String> recurrent(Node node, List<String> oneWay) {
        if (node.number("clip").isPresent()) {
            return Optional.of("it clips");
        }
        if (node.integer("input_forget", 0) != 0) {
            return Optional.of("input_forget is set");
        }
        List<String> known = new ArrayList<>(oneWay);
        if (node.text("direction").orElse("forward").equals("bidirectional")) {
            known.addAll(oneWay);
        }
        boolean other =
                node.attributes().get("activations") instanceof StringList(List<String> given)
                        && !String.join(" ", given).equalsIgnoreCase(String.join(" ", known));
        return other ? Optional.of("its activations are not " + known) : Optional.empty();
    }
}
