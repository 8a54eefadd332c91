package dev.nibble.tensor;

import java.util.Locale;

/**
 * The element type of a {@link Tensor}: the types that ONNX names, with their width in memory.
 *
 * <p>Types below eight bits are packed without gaps, the first element in the lowest bits (ONNX,
 * "TensorProto.raw_data").
 */
public enum DataType {
    FLOAT32(32),
    FLOAT64(64),
    FLOAT16(16),
    BFLOAT16(16),
    FLOAT8E4M3FN(8),
    FLOAT8E4M3FNUZ(8),
    FLOAT8E5M2(8),
    FLOAT8E5M2FNUZ(8),
    FLOAT8E8M0(8),
    FLOAT4E2M1(4),
    INT64(64),
    INT32(32),
    INT16(16),
    INT8(8),
    INT4(4),
    INT2(2),
    UINT64(64),
    UINT32(32),
    UINT16(16),
    UINT8(8),
    UINT4(4),
    UINT2(2),
    BOOL(8),
    COMPLEX64(64),
    COMPLEX128(128),
    /** Text; {@link Tensor#strings()} gives the elements. */
    STRING(0);

    private final int bits;

    DataType(int bits) {
        this.bits = bits;
    }

    /** Width of one element in bits; 0 for {@link #STRING}, whose elements vary. */
    public int bits() {
        return bits;
    }

    /** Bytes that {@code elements} packed elements take. */
    public long bytes(long elements) {
        return Math.ceilDiv(Math.multiplyExact(elements, (long) bits), 8L);
    }

    /** The field's name, as in {@code float32}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
