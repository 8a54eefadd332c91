package dev.nibble.onnxruntime;

import static dev.nibble.onnxruntime.Sketch.integer;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** A float network of a node or two for each operator that takes weights. */
final class OperatorNetworks {
    private static final int BATCH = 2;

    private OperatorNetworks() {}

    /** The networks by what they are about. */
    static Map<String, Model> all() {
        Map<String, Model> all = new LinkedHashMap<>();
        all.put("LSTM", recurrent("LSTM", 4, "forward", 64));
        all.put("LSTM of two directions", recurrent("LSTM", 4, "bidirectional", 33));
        all.put("GRU", recurrent("GRU", 3, "reverse", 32));
        all.put("RNN", recurrent("RNN", 1, "bidirectional", 32));
        all.put("Gather", gather());
        all.put("ConvTranspose", transposed(1));
        all.put("ConvTranspose in groups", transposed(4));
        all.put("ConvTranspose of each channel", transposed(32));
        all.put("Conv of one axis", convolution(16, 3));
        all.put("Conv of three axes", convolution(16, 3, 3, 3));
        all.put("MatMul of matrices", product("MatMul(x, w)", Map.of(), 2, 64, 48));
        all.put("MatMul with weights on the left", product("MatMul(w, x)", Map.of(), 40, 6));
        all.put("MatMul of a vector", product("MatMul(x, w)", Map.of(), 64, 8));
        all.put("Einsum", einsum());
        all.put("Gemm that scales", gemm(Map.of("alpha", number(0.5f), "beta", number(2))));
        all.put("Gemm of a transposed input", gemm(Map.of("transA", integer(1))));
        all.put(
                "Gemm of transposed weights",
                gemm(Map.of("transA", integer(1), "transB", integer(1))));
        all.put("FusedMatMul", fused("FusedMatMul(x, w)", Map.of("alpha", number(0.3f))));
        all.put(
                "FusedGemm",
                fused("FusedGemm(x, w, b)", Map.of("activation", new StringValue("Relu"))));
        all.put("FusedConv", fusedConvolution());
        all.put("Attention", attention());
        all.put("EmbedLayerNormalization", embedding());
        return all;
    }

    /** Inputs that fit one of the networks, the same in every run. */
    static Map<String, Tensor> inputs(Model model, long seed) {
        Map<String, Tensor> inputs = new HashMap<>();
        model.graph()
                .fedInputs()
                .forEach(input -> {
                    var type = (RankedTensor) input.type();
                    long[] dims =
                            type.dims().stream()
                                    .mapToLong(dim -> Long.parseLong(dim.toString()))
                                    .toArray();
                    Shape shape = Shape.of(dims);
                    inputs.put(
                            input.name(),
                            type.elementType() == DataType.FLOAT32
                                    ? weights(seed, 1, dims)
                                    : indices(seed, type.elementType(), shape));
                });
        return inputs;
    }

    private static Tensor indices(long seed, DataType type, Shape shape) {
        Random random = new Random(seed);
        long[] values = random.longs(shape.elements(), 0, 20).toArray();
        if (type == DataType.INT64) {
            return Tensor.ofLongs(shape, values);
        }
        int[] narrow = new int[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (int) values[i];
        }
        return Tensor.ofInts(shape, narrow);
    }

    private static Tensor weights(long seed, double deviation, long... dims) {
        Random random = new Random(seed);
        Shape shape = Shape.of(dims);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return Tensor.ofFloats(shape, values);
    }

    private static Attribute number(float value) {
        return new FloatValue(value);
    }

    private static Sketch sketch(Object... dims) {
        return new Sketch().input("x", DataType.FLOAT32, dims).output("y", DataType.FLOAT32);
    }

    private static Model recurrent(String operator, long gates, String direction, int width) {
        long directions = direction.equals("bidirectional") ? 2 : 1;
        long hidden = 32;
        return sketch(5, BATCH, width)
                .constant("w", weights(1, 0.2, directions, gates * hidden, width))
                .constant("r", weights(2, 0.2, directions, gates * hidden, hidden))
                .constant("b", weights(3, 0.1, directions, 2 * gates * hidden))
                .node(
                        "y = %s(x, w, r, b)".formatted(operator),
                        Map.of(
                                "hidden_size",
                                integer(hidden),
                                "direction",
                                new StringValue(direction)))
                .model();
    }

    private static Model gather() {
        return new Sketch()
                .input("i", DataType.INT64, BATCH, 7)
                .output("y", DataType.FLOAT32)
                .constant("w", weights(1, 1, 20, 48))
                .node("y = Gather(w, i)")
                .model();
    }

    private static Model transposed(int groups) {
        return sketch(BATCH, 32, 6, 6)
                .constant("w", weights(1, 0.1, 32, 32 / groups, 5, 5))
                .constant("b", weights(2, 0.1, 32))
                .node("y = ConvTranspose(x, w, b)", Map.of("group", integer(groups)))
                .model();
    }

    private static Model convolution(int channels, int... kernel) {
        Object[] dims = new Object[kernel.length + 2];
        long[] shape = new long[kernel.length + 2];
        dims[0] = BATCH;
        dims[1] = channels;
        shape[0] = 24;
        shape[1] = channels;
        for (int i = 0; i < kernel.length; i++) {
            dims[i + 2] = 6;
            shape[i + 2] = kernel[i];
        }
        return sketch(dims).constant("w", weights(1, 0.1, shape)).node("y = Conv(x, w)").model();
    }

    /** A product of x with weights of a shape. */
    private static Model product(String line, Map<String, Attribute> attributes, long... dims) {
        int columns = (int) dims[dims.length - (line.contains("(x") ? 2 : 1)];
        boolean vector = dims.length == 2 && dims[1] == 8;
        Sketch sketch =
                vector
                        ? sketch(columns)
                        : line.contains("(x") ? sketch(2, 5, columns) : sketch(2, columns, 64);
        long[] shape = line.contains("(x") ? dims : new long[] {160, columns};
        return sketch.constant("w", weights(1, 0.2, shape)).node("y = " + line, attributes).model();
    }

    private static Model einsum() {
        return sketch(BATCH, 5, 32)
                .constant("w", weights(1, 0.2, 4, 32, 16))
                .node("y = Einsum(x, w)", Map.of("equation", new StringValue("bsd, hdk -> bhsk")))
                .model();
    }

    private static Model gemm(Map<String, Attribute> attributes) {
        boolean left = attributes.containsKey("transA");
        boolean right = attributes.containsKey("transB");
        return sketch(left ? 64 : 3, left ? 3 : 64)
                .constant("w", right ? weights(1, 0.2, 24, 64) : weights(1, 0.2, 64, 24))
                .constant("b", weights(2, 1, 24))
                .node("y = Gemm(x, w, b)", attributes)
                .model();
    }

    private static Model fused(String line, Map<String, Attribute> attributes) {
        return sketch(3, 64)
                .constant("w", weights(1, 0.2, 64, 24))
                .constant("b", weights(2, 1, 24))
                .microsoft("y = " + line, attributes)
                .model();
    }

    private static Model fusedConvolution() {
        return sketch(BATCH, 16, 6, 6)
                .constant("w", weights(1, 0.1, 24, 16, 3, 3))
                .constant("b", weights(2, 0.1, 24))
                .microsoft("y = FusedConv(x, w, b)", Map.of("activation", new StringValue("Relu")))
                .model();
    }

    private static Model attention() {
        return sketch(BATCH, 5, 64)
                .constant("w", weights(1, 0.1, 64, 96))
                .constant("b", weights(2, 0.1, 96))
                .microsoft("y = Attention(x, w, b)", Map.of("num_heads", integer(4)))
                .model();
    }

    private static Model embedding() {
        return new Sketch()
                .input("i", DataType.INT32, BATCH, 7)
                .output("y", DataType.FLOAT32)
                .constant("words", weights(1, 1, 20, 64))
                .constant("places", weights(2, 1, 20, 64))
                .constant("gamma", weights(3, 1, 64))
                .constant("beta", weights(4, 1, 64))
                .microsoft("y, m = EmbedLayerNormalization(i, , words, places, , gamma, beta)")
                .model();
    }
}
