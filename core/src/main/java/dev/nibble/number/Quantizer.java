package dev.nibble.number;

import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;

/**
 * The maps between tensors of real numbers and tensors of codes: ONNX QuantizeLinear and
 * DequantizeLinear, bit for bit.
 *
 * <p>{@code code = saturate(roundHalfEven(x / scale) + zeroPoint)} and {@code real = (code −
 * zeroPoint) · scale}, in float arithmetic; whatever else holds floating-point numbers is read as
 * float32. NaN takes the lowest code. Codes saturate at the ends of the <em>format</em>, as ONNX
 * has it: the lowest code, which encodings of symmetric schemes leave unused for values in their
 * range, stands for values below it.
 *
 * <p>Tensors are walked through in small blocks, so weights may be larger than an array or than the
 * heap; results too large for an array are in native memory.
 */
public final class Quantizer {
    /** The longest array that every Java machine grants. */
    private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private Quantizer() {}

    /**
     * The codes of a floating-point tensor.
     *
     * @throws IllegalArgumentException if the tensor holds no floats, or the encoding is for
     *     another shape
     */
    public static QuantizedTensor quantize(Tensor floats, Encoding encoding) {
        return quantize(floats, encoding, Quantizer::allocate);
    }

    /**
     * The codes of a floating-point tensor, in memory of the caller's.
     *
     * @param memory gives zeroed memory of so many bytes
     * @throws IllegalArgumentException as above
     */
    public static QuantizedTensor quantize(
            Tensor floats, Encoding encoding, LongFunction<MemorySegment> memory) {
        checkFloats(floats);
        BlockQuantizer quantizer = BlockQuantizer.of(floats.shape(), encoding);
        IntegerFormat format = encoding.format();
        CodeBlock codes = CodeBlock.of(format, FloatBlocks.size(floats));
        MemorySegment target = memory.apply(format.dataType().bytes(floats.shape().elements()));
        FloatBlocks.forEach(
                floats,
                (block, first, length) -> {
                    quantizer.quantize(block, codes, first, length);
                    codes.write(target, first, length);
                });
        return new QuantizedTensor(new Tensor(format.dataType(), floats.shape(), target), encoding);
    }

    /** The float32 numbers that codes stand for. */
    public static Tensor dequantize(QuantizedTensor quantized) {
        Tensor source = quantized.codes();
        Encoding encoding = quantized.encoding();
        BlockQuantizer quantizer = BlockQuantizer.of(source.shape(), encoding);
        CodeBlock codes = CodeBlock.of(encoding.format(), FloatBlocks.size(source));
        MemorySegment target = allocate(DataType.FLOAT32, source.shape());
        FloatBlocks.forEachBlank(
                source,
                (block, first, length) -> {
                    codes.read(source.data(), first, length);
                    quantizer.dequantize(codes, block, first, length);
                    FloatBlocks.write(block, target, first, length);
                });
        return new Tensor(DataType.FLOAT32, source.shape(), target);
    }

    /**
     * The float32 numbers that the tensor's codes stand for: quantizes and dequantizes without
     * storing codes.
     */
    public static Tensor fakeQuantize(Tensor floats, Encoding encoding) {
        checkFloats(floats);
        BlockQuantizer quantizer = BlockQuantizer.of(floats.shape(), encoding);
        MemorySegment target = allocate(DataType.FLOAT32, floats.shape());
        FloatBlocks.forEach(
                floats,
                (block, first, length) -> {
                    quantizer.fakeQuantize(block, first, length);
                    FloatBlocks.write(block, target, first, length);
                });
        return new Tensor(DataType.FLOAT32, floats.shape(), target);
    }

    private static void checkFloats(Tensor tensor) {
        if (!tensor.isFloatingPoint()) {
            throw new IllegalArgumentException(
                    "only floating-point tensors can be quantized, not "
                            + tensor
                            + "; convert it to float32 first");
        }
    }

    /** Zeroed memory: an array, or native memory where no array is long enough. */
    private static MemorySegment allocate(DataType type, Shape shape) {
        return allocate(type.bytes(shape.elements()));
    }

    private static MemorySegment allocate(long bytes) {
        return bytes > LONGEST_ARRAY
                ? Arena.ofAuto().allocate(bytes, Long.BYTES)
                : MemorySegment.ofArray(new byte[(int) bytes]);
    }
}
