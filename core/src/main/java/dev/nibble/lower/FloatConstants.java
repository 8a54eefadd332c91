package dev.nibble.lower;

import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.QuantizedTensor;
import dev.nibble.number.Quantizer;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** Turns constant codes into the real numbers that they stand for, in the type of their scales. */
final class FloatConstants {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FloatConstants() {}

    /** The number format with all codes of a type; empty if Nibble knows none. */
    static Optional<IntegerFormat> format(DataType type) {
        return NumberFormats.ALL.stream()
                .filter(format -> format.dataType() == type && format.bits() == type.bits())
                .findFirst();
    }

    /** Whether there are real numbers of this type. */
    static boolean isReal(DataType type) {
        return type == DataType.FLOAT32 || type == DataType.FLOAT16 || type == DataType.BFLOAT16;
    }

    /** The real numbers of codes of up to 16 bits. */
    static Tensor dequantize(Tensor codes, IntegerFormat format, Affine affine) {
        Tensor floats = Quantizer.dequantize(new QuantizedTensor(codes, affine.encoding(format)));
        return as(floats, affine.real());
    }

    /**
     * The real numbers of int32 codes, as biases have: one scale in all or one for each index of an
     * axis.
     */
    static Tensor dequantizeInts(Tensor codes, Affine affine, int axis) {
        long[] ints = codes.longs();
        float[] scales = affine.scales().floats();
        long[] zeroPoints = affine.zeroPoints().longs();
        Shape shape = codes.shape();
        long inner = affine.isPerTensor() ? 1 : shape.product(axis + 1, shape.rank());
        float[] reals = new float[ints.length];
        for (int i = 0; i < reals.length; i++) {
            int group = (int) (i / inner % scales.length);
            reals[i] = (ints[i] - zeroPoints[group]) * scales[group];
        }
        return as(Tensor.ofFloats(shape, reals), affine.real());
    }

    /** The tensor in another type of real numbers. */
    static Tensor as(Tensor floats, DataType type) {
        if (floats.type() == type) {
            return floats;
        }
        float[] values = floats.floats();
        if (type == DataType.FLOAT32) {
            return Tensor.ofFloats(floats.shape(), values);
        }
        byte[] packed = new byte[values.length * Short.BYTES];
        MemorySegment data = MemorySegment.ofArray(packed);
        for (int i = 0; i < values.length; i++) {
            short bits =
                    switch (type) {
                        case FLOAT16 -> Float.floatToFloat16(values[i]);
                        case BFLOAT16 -> bfloat16(values[i]);
                        default ->
                                throw new IllegalArgumentException(
                                        type + " is no type of real numbers");
                    };
            data.set(SHORT, (long) i * Short.BYTES, bits);
        }
        return Tensor.ofBytes(type, floats.shape(), packed);
    }

    /** Rounds half to even; infinities stay, NaN stays NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> Short.SIZE) | 1);
        }
        int half = 0x7FFF + ((bits >>> Short.SIZE) & 1);
        return (short) ((bits + half) >>> Short.SIZE);
    }
}
