package dev.nibble.opset;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Element types that no one declared, found by following a value back to where its type is said.
 *
 * <p>Most operators deliver the type of their first input; the tables list those that do not.
 */
final class ElementTypes {
    /** The types by their number in a file (ONNX, "TensorProto.DataType"), from 1 on. */
    static final List<DataType> BY_NUMBER =
            List.of(
                    DataType.FLOAT32,
                    DataType.UINT8,
                    DataType.INT8,
                    DataType.UINT16,
                    DataType.INT16,
                    DataType.INT32,
                    DataType.INT64,
                    DataType.STRING,
                    DataType.BOOL,
                    DataType.FLOAT16,
                    DataType.FLOAT64,
                    DataType.UINT32,
                    DataType.UINT64,
                    DataType.COMPLEX64,
                    DataType.COMPLEX128,
                    DataType.BFLOAT16);

    private static final Set<String> TRUTHS =
            Set.of(
                    "Equal",
                    "Greater",
                    "Less",
                    "GreaterOrEqual",
                    "LessOrEqual",
                    "And",
                    "Or",
                    "Xor",
                    "Not",
                    "IsNaN",
                    "IsInf");

    private static final Set<String> INDICES =
            Set.of("Shape", "Size", "NonZero", "ArgMax", "ArgMin", "NonMaxSuppression");

    /** The type of every output but the first. */
    private static final Map<String, DataType> FURTHER_OUTPUTS =
            Map.of(
                    "TopK", DataType.INT64,
                    "MaxPool", DataType.INT64,
                    "Unique", DataType.INT64,
                    "Dropout", DataType.BOOL);

    /** The input that the output has its type from, where that is not the first. */
    private static final Map<String, Integer> DECIDING_INPUT =
            Map.of(
                    "Where", 1,
                    "OneHot", 2,
                    "DequantizeLinear", 1,
                    "QuantizeLinear", 2,
                    "CastLike", 1);

    /** How many producers to follow; a guard against what is not a network. */
    private static final int FARTHEST = 100_000;

    private ElementTypes() {}

    static Optional<DataType> of(Scope start, String name) {
        Scope scope = start;
        String value = name;
        for (int i = 0; i < FARTHEST; i++) {
            Optional<Scope> home = scope.home(value);
            if (home.isEmpty()) {
                return Optional.empty();
            }
            scope = home.get();
            Optional<DataType> known = known(scope, value);
            Optional<Node> producer = scope.graph().producer(value);
            if (known.isPresent() || producer.isEmpty()) {
                return known;
            }
            Node node = producer.get();
            int output = node.outputs().indexOf(value);
            Optional<DataType> made = made(node, output);
            if (made.isPresent() || !node.domain().isEmpty()) {
                return made;
            }
            Optional<Graph> body = body(node);
            if (body.isPresent()) {
                int result = node.is("Loop") ? output + 1 : output;
                if (result >= body.get().outputs().size()) {
                    return Optional.empty();
                }
                scope = scope.inside(body.get());
                value = body.get().outputs().get(result).name();
            } else {
                value = node.input(DECIDING_INPUT.getOrDefault(node.opType(), 0));
            }
        }
        return Optional.empty();
    }

    /** The type of a number in a file. */
    static Optional<DataType> ofNumber(long number) {
        return number >= 1 && number <= BY_NUMBER.size()
                ? Optional.of(BY_NUMBER.get((int) number - 1))
                : Optional.empty();
    }

    /** The number of a type in a file. */
    static Attribute number(DataType type) {
        return new IntValue(BY_NUMBER.indexOf(type) + 1L);
    }

    private static Optional<DataType> known(Scope scope, String value) {
        Optional<DataType> declared =
                scope.declared(value)
                        .map(ValueInfo::type)
                        .flatMap(type ->
                                switch (type) {
                                    case RankedTensor(DataType element, _) -> Optional.of(element);
                                    case UnrankedTensor(DataType element) -> Optional.of(element);
                                    case ValueInfo.OtherType _ -> Optional.empty();
                                });
        return declared.or(() -> scope.constant(value).map(Tensor::type));
    }

    /** The type that an operator delivers whatever it gets. */
    private static Optional<DataType> made(Node node, int output) {
        String opType = node.opType();
        if (!node.domain().isEmpty()) {
            return Optional.empty();
        }
        if (output > 0 && FURTHER_OUTPUTS.containsKey(opType)) {
            return Optional.ofNullable(FURTHER_OUTPUTS.get(opType));
        }
        if (TRUTHS.contains(opType)) {
            return Optional.of(DataType.BOOL);
        }
        if (INDICES.contains(opType)) {
            return Optional.of(DataType.INT64);
        }
        return switch (opType) {
            case "Cast" -> ofNumber(node.integer("to", 0));
            case "ConstantOfShape" -> Optional.of(filling(node));
            case "Constant" ->
                    Optional.of(
                            node.attributes().containsKey("value_float")
                                            || node.attributes().containsKey("value_floats")
                                    ? DataType.FLOAT32
                                    : DataType.INT64);
            case "RandomNormal", "RandomUniform" -> ofNumber(node.integer("dtype", 1));
            case "RandomNormalLike", "RandomUniformLike", "EyeLike" ->
                    node.integer("dtype").stream()
                            .boxed()
                            .findFirst()
                            .flatMap(ElementTypes::ofNumber);
            case "QuantizeLinear" ->
                    node.hasInput(2) ? Optional.empty() : Optional.of(DataType.UINT8);
            default -> Optional.empty();
        };
    }

    private static DataType filling(Node node) {
        return node.attributes().get("value") instanceof TensorValue(Tensor tensor)
                ? tensor.type()
                : DataType.FLOAT32;
    }

    /** The subgraph whose outputs a node delivers. */
    private static Optional<Graph> body(Node node) {
        String attribute = node.is("If") ? "then_branch" : "body";
        return node.attributes().get(attribute) instanceof GraphValue(Graph graph)
                ? Optional.of(graph)
                : Optional.empty();
    }
}
