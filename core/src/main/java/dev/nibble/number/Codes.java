package dev.nibble.number;

import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The packed memory of codes and floats. Offsets and lengths count elements; offsets are multiples
 * of 8.
 */
final class Codes {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The longest array that every Java machine grants. */
    private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private Codes() {}

    /** Zeroed memory for a tensor: an array, or native memory where no array is long enough. */
    static MemorySegment allocate(DataType type, Shape shape) {
        long bytes = type.bytes(shape.elements());
        return bytes > LONGEST_ARRAY
                ? Arena.ofAuto().allocate(bytes, Long.BYTES)
                : MemorySegment.ofArray(new byte[(int) bytes]);
    }

    static void writeFloats(float[] values, int length, MemorySegment memory, long offset) {
        MemorySegment.copy(values, 0, memory, FLOAT, offset * Float.BYTES, length);
    }

    static void write(short[] codes, int length, MemorySegment memory, long offset) {
        MemorySegment.copy(codes, 0, memory, SHORT, offset * Short.BYTES, length);
    }

    static void read(Tensor codes, long offset, short[] target, int length) {
        MemorySegment.copy(codes.data(), SHORT, offset * Short.BYTES, target, 0, length);
    }

    /**
     * Writes codes of 8 bits or fewer, the first in the lowest bits; what is left of the last byte
     * is zero.
     *
     * <p>Packs in place: overwrites the array.
     */
    static void write(
            byte[] codes, int length, IntegerFormat format, MemorySegment memory, long offset) {
        int packed = length;
        if (format.bits() < Byte.SIZE) {
            packed = pack(codes, length, format.bits());
        }
        MemorySegment.copy(
                codes,
                0,
                memory,
                ValueLayout.JAVA_BYTE,
                offset * format.bits() / Byte.SIZE,
                packed);
    }

    private static int pack(byte[] codes, int length, int bits) {
        int perByte = Byte.SIZE / bits;
        int packed = Math.ceilDiv(length, perByte);
        int mask = (1 << bits) - 1;
        for (int i = 0; i < packed; i++) {
            int first = i * perByte;
            int together = 0;
            for (int j = 0; j < perByte && first + j < length; j++) {
                together |= (codes[first + j] & mask) << (j * bits);
            }
            codes[i] = (byte) together;
        }
        return packed;
    }

    /** Reads codes of 8 bits or fewer, each into a byte of its own with its sign. */
    static void read(Tensor codes, IntegerFormat format, long offset, byte[] target, int length) {
        int bits = format.bits();
        int packed = Math.ceilDiv(length * bits, Byte.SIZE);
        MemorySegment.copy(
                codes.data(), ValueLayout.JAVA_BYTE, offset * bits / Byte.SIZE, target, 0, packed);
        if (bits < Byte.SIZE) {
            unpack(target, length, format);
        }
    }

    /** From the last to the first, as the packed codes are at the front of the same array. */
    private static void unpack(byte[] target, int length, IntegerFormat format) {
        int bits = format.bits();
        int perByte = Byte.SIZE / bits;
        int mask = (1 << bits) - 1;
        int sign = format.signed() ? 1 << (bits - 1) : 0;
        for (int i = length - 1; i >= 0; i--) {
            int code = target[i / perByte] >> (i % perByte * bits) & mask;
            target[i] = (byte) ((code ^ sign) - sign);
        }
    }
}
