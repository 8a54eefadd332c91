package dev.nibble.number;

import dev.nibble.kernel.Affine;
import dev.nibble.kernel.Kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Some codes on their way between floats and packed memory. */
sealed interface CodeBlock {

    /** Room for so many codes. */
    static CodeBlock of(IntegerFormat format, int size) {
        return format.bits() > Byte.SIZE
                ? new Shorts(new short[size])
                : new Bytes(new byte[size], new Packing(format));
    }

    void quantize(Kernels kernels, float[] block, int from, int length, Affine map);

    void dequantize(Kernels kernels, float[] block, int from, int length, Affine map);

    /**
     * Copies the first codes from memory.
     *
     * @param offset in codes; a multiple of 8
     */
    void read(MemorySegment memory, long offset, int length);

    /**
     * Copies the first codes to memory; they may be lost here.
     *
     * @param offset in codes; a multiple of 8
     */
    void write(MemorySegment memory, long offset, int length);

    /** Codes of 8 bits or fewer: a byte each, in memory as many to a byte as fit. */
    final class Bytes implements CodeBlock {
        private final byte[] codes;
        private final Packing packing;

        private Bytes(byte[] codes, Packing packing) {
            this.codes = codes;
            this.packing = packing;
        }

        @Override
        public void quantize(Kernels kernels, float[] block, int from, int length, Affine map) {
            kernels.quantize(block, from, codes, from, length, map);
        }

        @Override
        public void dequantize(Kernels kernels, float[] block, int from, int length, Affine map) {
            kernels.dequantize(codes, from, block, from, length, map);
        }

        @Override
        public void read(MemorySegment memory, long offset, int length) {
            MemorySegment.copy(
                    memory,
                    ValueLayout.JAVA_BYTE,
                    packing.bytes(offset),
                    codes,
                    0,
                    (int) packing.bytes(length));
            packing.unpack(codes, length);
        }

        @Override
        public void write(MemorySegment memory, long offset, int length) {
            packing.pack(codes, length);
            MemorySegment.copy(
                    codes,
                    0,
                    memory,
                    ValueLayout.JAVA_BYTE,
                    packing.bytes(offset),
                    (int) packing.bytes(length));
        }
    }

    /** Codes of 16 bits, little-endian in memory. */
    final class Shorts implements CodeBlock {
        private static final ValueLayout.OfShort LAYOUT =
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        private final short[] codes;

        private Shorts(short[] codes) {
            this.codes = codes;
        }

        @Override
        public void quantize(Kernels kernels, float[] block, int from, int length, Affine map) {
            kernels.quantize(block, from, codes, from, length, map);
        }

        @Override
        public void dequantize(Kernels kernels, float[] block, int from, int length, Affine map) {
            kernels.dequantize(codes, from, block, from, length, map);
        }

        @Override
        public void read(MemorySegment memory, long offset, int length) {
            MemorySegment.copy(memory, LAYOUT, offset * Short.BYTES, codes, 0, length);
        }

        @Override
        public void write(MemorySegment memory, long offset, int length) {
            MemorySegment.copy(codes, 0, memory, LAYOUT, offset * Short.BYTES, length);
        }
    }
}
