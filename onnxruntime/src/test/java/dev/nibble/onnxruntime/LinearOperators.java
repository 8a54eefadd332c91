package dev.nibble.onnxruntime;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Session;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.QuantizedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime's own QuantizeLinear and DequantizeLinear, to compare with. */
final class LinearOperators {
    private static final int ONNX_INT32 = 6;

    private LinearOperators() {}

    /**
     * The codes as 32-bit integers: ONNX Runtime for Java hands over neither 4-bit integers nor
     * unsigned ones as such.
     */
    static long[] quantize(Tensor floats, Encoding encoding) {
        Node quantize =
                withGranularity(
                        Node.of(
                                "q",
                                "QuantizeLinear",
                                List.of("x", "scale", "zero"),
                                List.of("codes")),
                        encoding);
        Node widen =
                Node.of("widen", "Cast", List.of("codes"), List.of("y"))
                        .with("to", new Attribute.IntValue(ONNX_INT32));
        Model model =
                Networks.of(
                        List.of(quantize, widen),
                        List.of(declare(floats)),
                        List.of(Networks.untyped("y")),
                        Map.of("scale", scale(encoding), "zero", zeroPoint(encoding)));
        return run(model, Map.of("x", floats)).longs();
    }

    static float[] dequantize(QuantizedTensor quantized) {
        Encoding encoding = quantized.encoding();
        Node dequantize =
                withGranularity(
                        Node.of(
                                "dq",
                                "DequantizeLinear",
                                List.of("codes", "scale", "zero"),
                                List.of("y")),
                        encoding);
        Model model =
                Networks.of(
                        List.of(dequantize),
                        List.of(),
                        List.of(Networks.untyped("y")),
                        Map.of(
                                "codes",
                                quantized.codes(),
                                "scale",
                                scale(encoding),
                                "zero",
                                zeroPoint(encoding)));
        return run(model, Map.of()).floats();
    }

    private static Tensor run(Model model, Map<String, Tensor> inputs) {
        // not optimized: nothing is to be folded, moved or fused
        EngineOptions plain = new EngineOptions(1, false);
        try (Session session = Networks.ENGINE.open(model, Set.of(), Networks.ONNX, plain)) {
            return Networks.get(Networks.run(session, inputs), "y");
        }
    }

    private static ValueInfo declare(Tensor tensor) {
        Object[] dims = new Object[tensor.shape().rank()];
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = (int) tensor.shape().dim(axis);
        }
        return Networks.info("x", tensor.type(), dims);
    }

    private static Node withGranularity(Node node, Encoding encoding) {
        return switch (encoding.granularity()) {
            case PerTensor _ -> node;
            case PerAxis(int axis) -> node.with("axis", new Attribute.IntValue(axis));
            case PerBlock(int axis, int blockSize) ->
                    node.with("axis", new Attribute.IntValue(axis))
                            .with("block_size", new Attribute.IntValue(blockSize));
        };
    }

    private static Tensor scale(Encoding encoding) {
        return Tensor.ofFloats(encoding.scaleShape(), encoding.scales());
    }

    private static Tensor zeroPoint(Encoding encoding) {
        return codes(encoding.format().dataType(), encoding.scaleShape(), encoding.zeroPoints());
    }

    /**
     * A tensor of codes of 4, 8 or 16 bits, made from integers without any help of the classes
     * under test.
     */
    static Tensor codes(DataType type, Shape shape, int... codes) {
        byte[] bytes = new byte[(int) type.bytes(codes.length)];
        for (int i = 0; i < codes.length; i++) {
            switch (type.bits()) {
                case 4 -> bytes[i / 2] |= (byte) ((codes[i] & 0xF) << (i % 2 * 4));
                case 8 -> bytes[i] = (byte) codes[i];
                default ->
                        MemorySegment.ofArray(bytes)
                                .set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) codes[i]);
            }
        }
        return Tensor.ofBytes(type, shape, bytes);
    }
}
