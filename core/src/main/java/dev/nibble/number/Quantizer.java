package dev.nibble.number;

import dev.nibble.kernel.Kernels;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;

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
 * heap.
 */
public final class Quantizer {
    private Quantizer() {}

    /**
     * The codes of a floating-point tensor.
     *
     * @throws IllegalArgumentException if the tensor holds no floats, or the encoding is for
     *     another shape
     */
    public static QuantizedTensor quantize(Tensor floats, Encoding encoding) {
        checkFloats(floats);
        Groups groups = Groups.of(floats.shape(), encoding);
        IntegerFormat format = encoding.format();
        MemorySegment codes = Codes.allocate(format.dataType(), floats.shape());
        if (format.bits() > Byte.SIZE) {
            quantizeToShorts(floats, encoding, groups, codes);
        } else {
            quantizeToBytes(floats, encoding, groups, codes);
        }
        return new QuantizedTensor(new Tensor(format.dataType(), floats.shape(), codes), encoding);
    }

    private static void quantizeToBytes(
            Tensor floats, Encoding encoding, Groups groups, MemorySegment codes) {
        IntegerFormat format = encoding.format();
        Kernels kernels = Kernels.forElements(floats.elements());
        byte[] target = new byte[FloatBlocks.size(floats)];
        FloatBlocks.forEach(
                floats,
                (block, first, length) -> {
                    groups.forEachRun(
                            first,
                            length,
                            (group, from, run) ->
                                    kernels.quantize(
                                            block,
                                            from,
                                            target,
                                            from,
                                            run,
                                            encoding.scale(group),
                                            encoding.zeroPoint(group),
                                            format.min(),
                                            format.max()));
                    Codes.write(target, length, format, codes, first);
                });
    }

    private static void quantizeToShorts(
            Tensor floats, Encoding encoding, Groups groups, MemorySegment codes) {
        IntegerFormat format = encoding.format();
        Kernels kernels = Kernels.forElements(floats.elements());
        short[] target = new short[FloatBlocks.size(floats)];
        FloatBlocks.forEach(
                floats,
                (block, first, length) -> {
                    groups.forEachRun(
                            first,
                            length,
                            (group, from, run) ->
                                    kernels.quantize(
                                            block,
                                            from,
                                            target,
                                            from,
                                            run,
                                            encoding.scale(group),
                                            encoding.zeroPoint(group),
                                            format.min(),
                                            format.max()));
                    Codes.write(target, length, codes, first);
                });
    }

    /** The float32 numbers that codes stand for. */
    public static Tensor dequantize(QuantizedTensor quantized) {
        Tensor codes = quantized.codes();
        Encoding encoding = quantized.encoding();
        Groups groups = Groups.of(codes.shape(), encoding);
        MemorySegment floats = Codes.allocate(DataType.FLOAT32, codes.shape());
        float[] block = new float[FloatBlocks.size(codes)];
        if (encoding.format().bits() > Byte.SIZE) {
            dequantizeShorts(codes, encoding, groups, block, floats);
        } else {
            dequantizeBytes(codes, encoding, groups, block, floats);
        }
        return new Tensor(DataType.FLOAT32, codes.shape(), floats);
    }

    private static void dequantizeBytes(
            Tensor codes, Encoding encoding, Groups groups, float[] block, MemorySegment floats) {
        IntegerFormat format = encoding.format();
        Kernels kernels = Kernels.forElements(codes.elements());
        byte[] source = new byte[block.length];
        for (long first = 0; first < codes.elements(); first += FloatBlocks.SIZE) {
            int length = (int) Math.min(FloatBlocks.SIZE, codes.elements() - first);
            Codes.read(codes, format, first, source, length);
            groups.forEachRun(
                    first,
                    length,
                    (group, from, run) ->
                            kernels.dequantize(
                                    source,
                                    from,
                                    block,
                                    from,
                                    run,
                                    encoding.scale(group),
                                    encoding.zeroPoint(group),
                                    format.signed()));
            Codes.writeFloats(block, length, floats, first);
        }
    }

    private static void dequantizeShorts(
            Tensor codes, Encoding encoding, Groups groups, float[] block, MemorySegment floats) {
        IntegerFormat format = encoding.format();
        Kernels kernels = Kernels.forElements(codes.elements());
        short[] source = new short[block.length];
        for (long first = 0; first < codes.elements(); first += FloatBlocks.SIZE) {
            int length = (int) Math.min(FloatBlocks.SIZE, codes.elements() - first);
            Codes.read(codes, first, source, length);
            groups.forEachRun(
                    first,
                    length,
                    (group, from, run) ->
                            kernels.dequantize(
                                    source,
                                    from,
                                    block,
                                    from,
                                    run,
                                    encoding.scale(group),
                                    encoding.zeroPoint(group),
                                    format.signed()));
            Codes.writeFloats(block, length, floats, first);
        }
    }

    /**
     * The float32 numbers that the tensor's codes stand for: quantizes and dequantizes without
     * storing codes.
     */
    public static Tensor fakeQuantize(Tensor floats, Encoding encoding) {
        checkFloats(floats);
        Groups groups = Groups.of(floats.shape(), encoding);
        IntegerFormat format = encoding.format();
        Kernels kernels = Kernels.forElements(floats.elements());
        MemorySegment rounded = Codes.allocate(DataType.FLOAT32, floats.shape());
        FloatBlocks.forEach(
                floats,
                (block, first, length) -> {
                    groups.forEachRun(
                            first,
                            length,
                            (group, from, run) ->
                                    kernels.fakeQuantize(
                                            block,
                                            from,
                                            block,
                                            from,
                                            run,
                                            encoding.scale(group),
                                            encoding.zeroPoint(group),
                                            format.min(),
                                            format.max()));
                    Codes.writeFloats(block, length, rounded, first);
                });
        return new Tensor(DataType.FLOAT32, floats.shape(), rounded);
    }

    private static void checkFloats(Tensor tensor) {
        if (!tensor.isFloatingPoint()) {
            throw new IllegalArgumentException(
                    "only floating-point tensors can be quantized, not "
                            + tensor
                            + "; convert it to float32 first");
        }
    }
}
