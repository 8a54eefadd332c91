package dev.nibble.opset;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatList;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Rewrites of attributes that became inputs: their values become constants. */
final class Inputs {
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Inputs() {}

    /** Integers, or one integer as a row of one, or floats; absent ones stay absent. */
    static Rewrite of(String attribute, int input) {
        return (node, scope) -> {
            Attribute value = node.attributes().get(attribute);
            if (value == null) {
                return List.of(node);
            }
            String name = scope.constant(node.output(0) + "_" + attribute, tensor(value));
            return List.of(with(Attributes.without(node, attribute), input, name));
        };
    }

    private static Tensor tensor(Attribute value) {
        return switch (value) {
            case IntValue(long number) -> Tensor.ofLongs(Shape.of(1), number);
            case IntList(List<Long> numbers) ->
                    Tensor.ofLongs(
                            Shape.of(numbers.size()),
                            numbers.stream().mapToLong(Long::longValue).toArray());
            case FloatValue(float number) -> Tensor.ofFloats(Shape.scalar(), number);
            case FloatList(List<Float> numbers) -> floats(numbers);
            default -> throw new IllegalArgumentException("not numbers: " + value);
        };
    }

    static Tensor floats(List<Float> numbers) {
        float[] array = new float[numbers.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = numbers.get(i);
        }
        return Tensor.ofFloats(Shape.of(array.length), array);
    }

    /** One integer, with its former default, as a scalar. */
    static Rewrite ofScalar(String attribute, int input, long formerDefault) {
        return (node, scope) -> {
            long value = node.integer(attribute, formerDefault);
            String name =
                    scope.constant(
                            node.output(0) + "_" + attribute,
                            Tensor.ofLongs(Shape.scalar(), value));
            return List.of(with(Attributes.without(node, attribute), input, name));
        };
    }

    /** The same node with one more input; those left out before it stay so. */
    static Node with(Node node, int input, String name) {
        List<String> inputs = new ArrayList<>(node.inputs());
        while (inputs.size() <= input) {
            inputs.add("");
        }
        inputs.set(input, name);
        return node.withInputs(inputs);
    }

    /** Slice: starts, ends and, since they precede no other input, axes. */
    static List<Node> slice(Node node, Scope scope) {
        List<Long> starts = node.integers("starts").orElse(List.of());
        List<Long> axes =
                node.integers("axes")
                        .orElseGet(() -> LongStream.range(0, starts.size()).boxed().toList());
        String stem = node.output(0);
        return List.of(
                Attributes.without(node, "starts", "ends", "axes")
                        .withInputs(
                                List.of(
                                        node.input(0),
                                        scope.integers(stem + "_starts", starts),
                                        scope.integers(
                                                stem + "_ends",
                                                node.integers("ends").orElse(List.of())),
                                        scope.integers(stem + "_axes", axes))));
    }

    /** Pad: the widths, and the value if it is not zero. */
    static List<Node> pad(Node node, Scope scope) {
        List<String> inputs = new ArrayList<>();
        inputs.add(node.input(0));
        inputs.add(
                scope.integers(node.output(0) + "_pads", node.integers("pads").orElse(List.of())));
        float value = (float) node.number("value").orElse(0);
        if (value != 0 && node.text("mode").orElse("constant").equals("constant")) {
            inputs.add(likeData(node, scope, "value", value));
        }
        return List.of(Attributes.without(node, "pads", "value").withInputs(inputs));
    }

    /**
     * Clip: both bounds, in the type of the data. The former defaults are the largest floats, which
     * clip infinities; half precision has none as large, so there an absent bound stays absent.
     */
    static List<Node> clip(Node node, Scope scope) {
        List<String> inputs = new ArrayList<>(List.of(node.input(0)));
        inputs.add(bound(node, scope, "min", -Float.MAX_VALUE));
        inputs.add(bound(node, scope, "max", Float.MAX_VALUE));
        return List.of(Attributes.without(node, "min", "max").withInputs(inputs));
    }

    private static String bound(Node node, Scope scope, String name, float otherwise) {
        boolean given = node.attributes().containsKey(name);
        if (!given && type(node, scope) == DataType.FLOAT16) {
            return "";
        }
        return likeData(node, scope, name, (float) node.number(name).orElse(otherwise));
    }

    /** A scalar constant of the type of the node's first input. */
    private static String likeData(Node node, Scope scope, String name, float value) {
        return scope.constant(
                node.output(0) + "_" + name, scalar(node, scope, type(node, scope), value));
    }

    private static Tensor scalar(Node node, Scope scope, DataType type, float value) {
        return switch (type) {
            case FLOAT32 -> Tensor.ofFloats(Shape.scalar(), value);
            case FLOAT64 -> {
                MemorySegment data = MemorySegment.ofArray(new byte[Double.BYTES]);
                data.set(DOUBLE, 0, value);
                yield new Tensor(type, Shape.scalar(), data);
            }
            case FLOAT16 -> {
                MemorySegment data = MemorySegment.ofArray(new byte[Short.BYTES]);
                data.set(SHORT, 0, Float.floatToFloat16(value));
                yield new Tensor(type, Shape.scalar(), data);
            }
            default ->
                    throw scope.refusal(
                            node,
                            "it takes floats, and its input %s is %s"
                                    .formatted(node.input(0), type),
                            "put a Cast before it");
        };
    }

    private static DataType type(Node node, Scope scope) {
        return scope.type(node.input(0))
                .orElseThrow(() ->
                        scope.refusal(
                                node,
                                "the type of its input %s is not known".formatted(node.input(0)),
                                "run ONNX shape inference on the model first"));
    }

    /** Tile: how often along one axis becomes how often along each. */
    static List<Node> tile(Node node, Scope scope) {
        var tiles = scope.constant(node.input(1));
        var axis = scope.constant(node.input(2));
        var rank = scope.rank(node.input(0));
        if (tiles.isEmpty() || axis.isEmpty() || rank.isEmpty()) {
            throw scope.refusal(
                    node,
                    "it repeats along an axis or as often as only a run tells",
                    "export the model with opset 6 or later");
        }
        List<Long> repeats = new ArrayList<>();
        for (int i = 0; i < rank.getAsInt(); i++) {
            repeats.add(i == (int) axis.get().floats()[0] ? (long) tiles.get().floats()[0] : 1L);
        }
        String name = scope.integers(node.output(0) + "_repeats", repeats);
        return List.of(node.withInputs(List.of(node.input(0), name)));
    }

    /** Split of version 1, whose lengths could be an input, and became an attribute. */
    static List<Node> splitLengths(Node node, Scope scope) {
        if (!node.hasInput(1)) {
            return List.of(node);
        }
        Tensor lengths =
                scope.constant(node.input(1))
                        .orElseThrow(() ->
                                scope.refusal(
                                        node,
                                        "only a run tells the lengths of its parts",
                                        "export the model with opset 13 or later"));
        List<Long> values = new ArrayList<>();
        for (float length : lengths.floats()) {
            values.add((long) length);
        }
        return List.of(node.withInputs(List.of(node.input(0))).with("split", new IntList(values)));
    }

    /** Split into equal parts says how many they are. */
    static List<Node> splitCount(Node node, Scope scope) {
        return List.of(
                node.hasInput(1)
                        ? node
                        : node.with("num_outputs", new IntValue(node.outputs().size())));
    }
}
