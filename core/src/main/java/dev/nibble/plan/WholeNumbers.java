package dev.nibble.plan;

import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The values of a graph that are known to be no floats: shapes, indices, truth values. There is
 * nothing to quantize about them.
 *
 * <p>One forward sweep finds what certain operators make, what is declared so, and what others make
 * of nothing but such values.
 */
final class WholeNumbers {
    private static final Set<String> MAKERS =
            Set.of(
                    "And",
                    "ArgMax",
                    "ArgMin",
                    "Equal",
                    "Greater",
                    "GreaterOrEqual",
                    "IsInf",
                    "IsNaN",
                    "Less",
                    "LessOrEqual",
                    "NonMaxSuppression",
                    "NonZero",
                    "Not",
                    "Or",
                    "Shape",
                    "Size",
                    "Xor");

    /** ONNX's numbers for float, float16, double and bfloat16. */
    private static final Set<Long> FLOAT_TYPES = Set.of(1L, 10L, 11L, 16L);

    private final Graph graph;
    private final Set<String> values = new HashSet<>();

    private WholeNumbers(Graph graph) {
        this.graph = graph;
    }

    static WholeNumbers in(Graph graph) {
        WholeNumbers found = new WholeNumbers(graph);
        for (Node node : graph.nodes()) {
            List<String> made = node.outputs();
            if (found.makes(node)) {
                found.values.addAll(made);
            }
        }
        return found;
    }

    /** Whether a node makes nothing but such values. */
    boolean isAbout(Node node) {
        boolean made = node.outputs().stream().allMatch(output -> output.isEmpty() || is(output));
        return made && !node.outputs().isEmpty();
    }

    private boolean is(String value) {
        return values.contains(value)
                || graph.constant(value).filter(tensor -> !isFloat(tensor)).isPresent()
                || declared(value).filter(type -> !isFloat(type)).isPresent();
    }

    private Optional<DataType> declared(String value) {
        return graph.info(value)
                .map(ValueInfo::type)
                .flatMap(type ->
                        switch (type) {
                            case RankedTensor(DataType element, _) -> Optional.of(element);
                            case UnrankedTensor(DataType element) -> Optional.of(element);
                            case OtherType _ -> Optional.empty();
                        });
    }

    private boolean makes(Node node) {
        if (node.domain().isEmpty() && MAKERS.contains(node.opType())) {
            return true;
        }
        boolean computed =
                node.hasInput(0)
                        && node.subgraphs().findAny().isEmpty()
                        && node.inputs().stream().allMatch(input -> input.isEmpty() || is(input));
        return switch (node.opType()) {
            case "Cast" -> !FLOAT_TYPES.contains(node.integer("to", 0));
            case "ConstantOfShape" ->
                    node.attributes().get("value") instanceof TensorValue(Tensor value)
                            && !isFloat(value);
            default -> computed && node.domain().isEmpty();
        };
    }

    private static boolean isFloat(Tensor tensor) {
        return isFloat(tensor.type());
    }

    private static boolean isFloat(DataType type) {
        return switch (type) {
            case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> true;
            default -> false;
        };
    }
}
