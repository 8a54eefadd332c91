package dev.nibble.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A dense, immutable array: element type, shape and packed little-endian data.
 *
 * <p>The data is a {@link MemorySegment}, on the heap, in native memory or mapped from a file, so
 * that weights may exceed 2 GB and need not be copied to be looked at. Whoever hands a segment in
 * must not write to it afterwards.
 *
 * @param type the element type
 * @param shape the extents, outermost first
 * @param data the packed elements, row-major; for {@link DataType#STRING} each element is its
 *     length in bytes as an int followed by its bytes
 */
public record Tensor(DataType type, Shape shape, MemorySegment data) {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Tensor {
        if (type != DataType.STRING && data.byteSize() != type.bytes(shape.elements())) {
            throw new IllegalArgumentException(
                    "a %s tensor of shape %s takes %d bytes, not %d"
                            .formatted(type, shape, type.bytes(shape.elements()), data.byteSize()));
        }
        data = data.asReadOnly();
    }

    /** A float32 tensor; the array is taken over, not copied. */
    public static Tensor ofFloats(Shape shape, float... values) {
        return new Tensor(DataType.FLOAT32, shape, littleEndian(MemorySegment.ofArray(values), 4));
    }

    public static Tensor ofInts(Shape shape, int... values) {
        return new Tensor(DataType.INT32, shape, littleEndian(MemorySegment.ofArray(values), 4));
    }

    public static Tensor ofLongs(Shape shape, long... values) {
        return new Tensor(DataType.INT64, shape, littleEndian(MemorySegment.ofArray(values), 8));
    }

    /** A tensor of one-byte or packed sub-byte elements; the array is taken over, not copied. */
    public static Tensor ofBytes(DataType type, Shape shape, byte... packed) {
        return new Tensor(type, shape, MemorySegment.ofArray(packed));
    }

    public static Tensor ofStrings(Shape shape, List<String> values) {
        List<byte[]> encoded =
                values.stream().map(value -> value.getBytes(StandardCharsets.UTF_8)).toList();
        MemorySegment data =
                MemorySegment.ofArray(
                        new byte
                                [encoded.stream()
                                        .mapToInt(bytes -> Integer.BYTES + bytes.length)
                                        .sum()]);
        long at = 0;
        for (byte[] bytes : encoded) {
            data.set(INT, at, bytes.length);
            MemorySegment.copy(
                    bytes, 0, data, ValueLayout.JAVA_BYTE, at + Integer.BYTES, bytes.length);
            at += Integer.BYTES + bytes.length;
        }
        return new Tensor(DataType.STRING, shape, data);
    }

    /** Number of elements. */
    public long elements() {
        return shape.elements();
    }

    public boolean isFloatingPoint() {
        return switch (type) {
            case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> true;
            default -> false;
        };
    }

    /**
     * Copies {@code length} elements, starting with element {@code offset}, as floats.
     *
     * <p>float64 is rounded to the nearest float; float16 and bfloat16 are widened exactly;
     * integers up to 64 bits are converted to the nearest float.
     */
    public void copyFloats(long offset, float[] target, int to, int length) {
        switch (type) {
            case FLOAT32 ->
                    MemorySegment.copy(data, FLOAT, offset * Float.BYTES, target, to, length);
            case FLOAT64 -> {
                for (int i = 0; i < length; i++) {
                    target[to + i] = (float) data.get(DOUBLE, (offset + i) * Double.BYTES);
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < length; i++) {
                    target[to + i] =
                            Float.float16ToFloat(data.get(SHORT, (offset + i) * Short.BYTES));
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < length; i++) {
                    target[to + i] =
                            Float.intBitsToFloat(data.get(SHORT, (offset + i) * Short.BYTES) << 16);
                }
            }
            default -> {
                for (int i = 0; i < length; i++) {
                    target[to + i] = (float) integerAt(offset + i);
                }
            }
        }
    }

    /** All elements as floats, see {@link #copyFloats}. */
    public float[] floats() {
        float[] values = new float[Math.toIntExact(elements())];
        copyFloats(0, values, 0, values.length);
        return values;
    }

    /** All elements of an integer or boolean tensor. */
    public long[] longs() {
        long[] values = new long[Math.toIntExact(elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = integerAt(i);
        }
        return values;
    }

    /** The elements of a {@link DataType#STRING} tensor. */
    public List<String> strings() {
        if (type != DataType.STRING) {
            throw new IllegalArgumentException("a " + type + " tensor holds no text");
        }
        List<String> values = new ArrayList<>();
        for (long at = 0; at < data.byteSize(); ) {
            int length = data.get(INT, at);
            byte[] bytes = data.asSlice(at + Integer.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
            values.add(new String(bytes, StandardCharsets.UTF_8));
            at += Integer.BYTES + length;
        }
        return values;
    }

    /** The same data seen with another shape of as many elements. */
    public Tensor reshape(Shape other) {
        return new Tensor(type, other, data);
    }

    /** A copy in memory of the given arena. */
    public Tensor copyIn(Arena arena) {
        MemorySegment copy = arena.allocate(Math.max(1, data.byteSize()), Long.BYTES);
        MemorySegment own = copy.asSlice(0, data.byteSize());
        return new Tensor(type, shape, own.copyFrom(data));
    }

    private long integerAt(long index) {
        return switch (type) {
            case INT64, UINT64 -> data.get(LONG, index * Long.BYTES);
            case INT32 -> data.get(INT, index * Integer.BYTES);
            case UINT32 -> Integer.toUnsignedLong(data.get(INT, index * Integer.BYTES));
            case INT16 -> data.get(SHORT, index * Short.BYTES);
            case UINT16 -> Short.toUnsignedLong(data.get(SHORT, index * Short.BYTES));
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, index);
            case UINT8, BOOL -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, index));
            case UINT4 -> nibble(index);
            case INT4 -> (nibble(index) ^ 8) - 8;
            default ->
                    throw new IllegalArgumentException("a " + type + " tensor holds no integers");
        };
    }

    private int nibble(long index) {
        int pair = Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, index / 2));
        return index % 2 == 0 ? pair & 0xF : pair >>> 4;
    }

    private static MemorySegment littleEndian(MemorySegment array, int width) {
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            return array;
        }
        throw new UnsupportedOperationException(
                "Nibble runs on little-endian machines; this one stores the "
                        + width
                        + " bytes of a number the other way round");
    }

    /** Type and shape, as in {@code float32 [64×3×7×7]}. */
    @Override
    public String toString() {
        return type + " " + shape;
    }

    /** Same type, same shape and the same bytes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor tensor
                && type == tensor.type
                && shape.equals(tensor.shape)
                && data.byteSize() == tensor.data.byteSize()
                && data.mismatch(tensor.data) == -1;
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + shape.hashCode();
    }
}
