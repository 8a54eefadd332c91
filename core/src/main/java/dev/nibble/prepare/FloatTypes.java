package dev.nibble.prepare;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Scratch;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces some types of real numbers by float32 everywhere inside a graph: in its constants, its
 * attributes, what it declares, and its subgraphs.
 *
 * @param converted these types
 * @param scratch where the numbers go
 */
record FloatTypes(Set<DataType> converted, Scratch scratch) {
    /** Elements that are converted at a time. */
    private static final int BLOCK = 1 << 16;

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The numbers by which attributes name the types (ONNX TensorProto.DataType). */
    private static final Map<DataType, Long> NUMBERS =
            Map.of(
                    DataType.FLOAT32, 1L,
                    DataType.FLOAT16, 10L,
                    DataType.FLOAT64, 11L,
                    DataType.BFLOAT16, 16L);

    /** Attributes that hold such numbers. */
    private static final Set<String> NAMING_TYPES =
            Set.of("to", "dtype", "output_datatype", "output_dtype", "stash_type");

    /** A node that gives a value in another type. */
    static Node cast(String from, String to, DataType type) {
        return Node.of(to + "_Cast", "Cast", List.of(from), List.of(to))
                .with("to", new IntValue(NUMBERS.getOrDefault(type, 0L)));
    }

    /** Whether a node gives a value as float32. */
    static boolean castsToFloat(Node node) {
        return node.is("Cast")
                && node.integer("to", 0) == NUMBERS.getOrDefault(DataType.FLOAT32, 0L);
    }

    /** The declared element type of a tensor. */
    static Optional<DataType> element(ValueInfo info) {
        return switch (info.type()) {
            case RankedTensor(DataType element, var _) -> Optional.of(element);
            case UnrankedTensor(DataType element) -> Optional.of(element);
            case OtherType _ -> Optional.empty();
        };
    }

    /** The graph with its own inputs and outputs as they are. */
    Graph in(Graph graph) {
        return converted(graph, graph.inputs(), graph.outputs());
    }

    private Graph inner(Graph graph) {
        return converted(
                graph,
                graph.inputs().stream().map(this::converted).toList(),
                graph.outputs().stream().map(this::converted).toList());
    }

    private Graph converted(Graph graph, List<ValueInfo> inputs, List<ValueInfo> outputs) {
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.replaceAll((_, tensor) -> converted(tensor));
        Map<String, ValueInfo> values = new LinkedHashMap<>(graph.values());
        values.replaceAll((_, info) -> converted(info));
        return new Graph(
                graph.name(),
                graph.nodes().stream().map(this::converted).toList(),
                inputs,
                outputs,
                constants,
                graph.constantExtras(),
                values,
                graph.extras());
    }

    /** A sequence does not tell what it holds: it is left to runtimes to find out. */
    private ValueInfo converted(ValueInfo info) {
        return switch (info.type()) {
            case RankedTensor(DataType element, var dims) when converted.contains(element) ->
                    info.withType(new RankedTensor(DataType.FLOAT32, dims));
            case UnrankedTensor(DataType element) when converted.contains(element) ->
                    info.withType(new UnrankedTensor(DataType.FLOAT32));
            case RankedTensor _, UnrankedTensor _ -> info;
            case OtherType _ -> new ValueInfo(info.name(), new OtherType("untyped"), Extras.NONE);
        };
    }

    private Node converted(Node node) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.replaceAll((name, attribute) ->
                switch (attribute) {
                    case TensorValue(Tensor tensor) -> new TensorValue(converted(tensor));
                    case IntValue(long number) when NAMING_TYPES.contains(name) ->
                            new IntValue(converted(number));
                    default -> attribute;
                });
        return node.withAttributes(attributes).mapSubgraphs(this::inner);
    }

    private long converted(long number) {
        boolean named =
                converted.stream().anyMatch(type -> NUMBERS.getOrDefault(type, 0L) == number);
        return named ? NUMBERS.getOrDefault(DataType.FLOAT32, 0L) : number;
    }

    private Tensor converted(Tensor tensor) {
        if (!converted.contains(tensor.type())) {
            return tensor;
        }
        MemorySegment target = scratch.allocate(DataType.FLOAT32.bytes(tensor.elements()));
        float[] floats = new float[(int) Math.min(BLOCK, tensor.elements())];
        for (long first = 0; first < tensor.elements(); first += BLOCK) {
            int length = (int) Math.min(BLOCK, tensor.elements() - first);
            tensor.copyFloats(first, floats, 0, length);
            if (tensor.type() == DataType.FLOAT64) {
                keepFinite(tensor, first, floats, length);
            }
            MemorySegment.copy(floats, 0, target, FLOAT, first * Float.BYTES, length);
        }
        return new Tensor(DataType.FLOAT32, tensor.shape(), target);
    }

    /** Numbers beyond the range of float32 stay finite: most often they are masks. */
    private static void keepFinite(Tensor doubles, long first, float[] floats, int length) {
        for (int i = 0; i < length; i++) {
            double exact = doubles.data().get(DOUBLE, (first + i) * Double.BYTES);
            if (Float.isInfinite(floats[i]) && !Double.isInfinite(exact)) {
                floats[i] = Math.copySign(Float.MAX_VALUE, floats[i]);
            }
        }
    }
}
