package dev.nibble.onnxruntime;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** A small quantized network in the making: nodes by a line each, constants by name. */
final class Sketch {
    private static final String MICROSOFT = "com.microsoft";

    private final List<Node> nodes = new ArrayList<>();
    private final List<ValueInfo> inputs = new ArrayList<>();
    private final List<ValueInfo> outputs = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, ValueInfo> declared = new LinkedHashMap<>();
    private final Random random = new Random(11);
    private long opset = 21;

    Sketch opset(long version) {
        opset = version;
        return this;
    }

    Sketch input(String name, DataType type, Object... dims) {
        inputs.add(Networks.info(name, type, dims));
        return this;
    }

    Sketch output(String name, DataType type) {
        outputs.add(ValueInfo.of(name, new ValueInfo.UnrankedTensor(type)));
        return this;
    }

    /** Says what an inner value is. */
    Sketch declare(String name, DataType type, Object... dims) {
        declared.put(name, Networks.info(name, type, dims));
        return this;
    }

    Sketch constant(String name, Tensor tensor) {
        constants.put(name, tensor);
        return this;
    }

    /** The scale and zero point {@code NAME_s} and {@code NAME_z} of codes of a type. */
    Sketch parameters(String name, DataType type, float scale, int zeroPoint) {
        constant(name + "_s", Tensor.ofFloats(Shape.scalar(), scale));
        return constant(name + "_z", ints(type, Shape.scalar(), zeroPoint));
    }

    /** Random constant codes, the same in every run. */
    Sketch codes(String name, DataType type, long... dims) {
        Shape shape = Shape.of(dims);
        byte[] bytes = new byte[Math.toIntExact(type.bytes(shape.elements()))];
        random.nextBytes(bytes);
        return constant(name, Tensor.ofBytes(type, shape, bytes));
    }

    /** A node of the standard set, as in {@code "y = Conv(x, w)"}. */
    Sketch node(String line) {
        return add(line, "", Map.of());
    }

    Sketch node(String line, Map<String, Attribute> attributes) {
        return add(line, "", attributes);
    }

    /** A node of ONNX Runtime's own set. */
    Sketch microsoft(String line) {
        return add(line, MICROSOFT, Map.of());
    }

    Sketch microsoft(String line, Map<String, Attribute> attributes) {
        return add(line, MICROSOFT, attributes);
    }

    /**
     * A value of floats through codes and back: {@code to = DQ(Q(from))}, the codes being {@code
     * to_q}.
     */
    Sketch pair(String from, String to, DataType type, float scale, int zeroPoint) {
        return parameters(to, type, scale, zeroPoint)
                .node("%s_q = QuantizeLinear(%s, %s_s, %s_z)".formatted(to, from, to, to))
                .node("%s = DequantizeLinear(%s_q, %s_s, %s_z)".formatted(to, to, to, to));
    }

    private Sketch add(String line, String domain, Map<String, Attribute> attributes) {
        String[] parts = line.split("\\s*=\\s*|\\(|\\)");
        List<String> results = List.of(parts[0].split(",\\s*"));
        List<String> operands = parts.length < 3 ? List.of() : List.of(parts[2].split(",\\s*", -1));
        nodes.add(
                new Node(
                        "make " + results.getFirst(),
                        parts[1],
                        domain,
                        operands,
                        results,
                        attributes,
                        Extras.NONE));
        return this;
    }

    Model model() {
        Graph graph =
                new Graph(
                        "sketch",
                        nodes,
                        inputs,
                        outputs,
                        constants,
                        Map.of(),
                        declared,
                        Extras.NONE);
        return new Model(graph, 10, Map.of("", opset, MICROSOFT, 1L), Map.of(), Extras.NONE);
    }

    static Attribute integer(long value) {
        return new Attribute.IntValue(value);
    }

    static Attribute integers(long... values) {
        return new Attribute.IntList(Arrays.stream(values).boxed().collect(Collectors.toList()));
    }

    /** Integers of a type of up to 16 bits, packed as ONNX has it. */
    static Tensor ints(DataType type, Shape shape, int... values) {
        byte[] packed = new byte[Math.toIntExact(type.bytes(values.length))];
        for (int i = 0; i < values.length; i++) {
            switch (type.bits()) {
                case 4 -> packed[i / 2] |= (byte) ((values[i] & 0xF) << (i % 2 * 4));
                case 8 -> packed[i] = (byte) values[i];
                case 16 -> {
                    packed[2 * i] = (byte) values[i];
                    packed[2 * i + 1] = (byte) (values[i] >> 8);
                }
                default -> throw new IllegalArgumentException(type + " is too wide");
            }
        }
        return Tensor.ofBytes(type, shape, packed);
    }

    /** Numbers between −1 and 1, the same in every run. */
    static Tensor numbers(long... dims) {
        Random random = new Random(7);
        Shape shape = Shape.of(dims);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return Tensor.ofFloats(shape, values);
    }
}
