package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.Optional;

/** Which settings of an operator its integer kernel does not know. */
final class OperatorLimits {
    private OperatorLimits() {}

    static Optional<String> obstacle(Graph graph, Node node) {
        return switch (node.opType()) {
            case "Resize" -> resize(node);
            case "Pad" -> pad(graph, node);
            case "MaxPool" ->
                    node.outputs().size() > 1
                            ? Optional.of("its indices are used")
                            : Optional.empty();
            case "Dropout" ->
                    node.outputs().size() > 1 ? Optional.of("its mask is used") : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<String> resize(Node node) {
        String mode = node.text("mode").orElse("nearest");
        return mode.equals("nearest")
                ? Optional.empty()
                : Optional.of("it interpolates (mode " + mode + "), which is not moving codes");
    }

    private static Optional<String> pad(Graph graph, Node node) {
        String mode = node.text("mode").orElse("constant");
        boolean zero =
                !node.hasInput(2)
                        || graph.constant(node.input(2))
                                .filter(value -> value.elements() == 1 && value.floats()[0] == 0)
                                .isPresent();
        return !mode.equals("constant") || zero
                ? Optional.empty()
                : Optional.of(
                        "it pads with something else than 0, whose code is not known in advance");
    }
}
