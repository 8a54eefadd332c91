package dev.nibble.number;

import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Walks over the elements of a tensor in blocks that stay in the first-level cache. */
final class FloatBlocks {
    /** Elements in a block; a multiple of 8, so that packed codes begin with a byte. */
    private static final int SIZE = 4096;

    private static final ValueLayout.OfFloat LAYOUT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FloatBlocks() {}

    /**
     * Takes elements {@code first} to {@code first + length}, the first of them at the front of the
     * block.
     */
    interface Visitor {
        void visit(float[] block, long first, int length);
    }

    /** Visits blocks of floats; what a visitor leaves in them is lost. */
    static void forEach(Tensor floats, Visitor visitor) {
        forEachBlank(
                floats,
                (block, first, length) -> {
                    floats.copyFloats(first, block, 0, length);
                    visitor.visit(block, first, length);
                });
    }

    /** Visits blocks whose content is undefined, for the visitor to fill. */
    static void forEachBlank(Tensor tensor, Visitor visitor) {
        float[] block = new float[size(tensor)];
        for (long first = 0; first < tensor.elements(); first += SIZE) {
            visitor.visit(block, first, (int) Math.min(SIZE, tensor.elements() - first));
        }
    }

    /** Elements in the largest block of a tensor. */
    static int size(Tensor tensor) {
        return (int) Math.min(SIZE, tensor.elements());
    }

    static void write(float[] block, MemorySegment memory, long first, int length) {
        MemorySegment.copy(block, 0, memory, LAYOUT, first * Float.BYTES, length);
    }
}
