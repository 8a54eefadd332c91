package dev.nibble.number;

import dev.nibble.tensor.Tensor;

/** Walks over the elements of a tensor, as floats, in blocks that stay in the first-level cache. */
final class FloatBlocks {
    /** Elements in a block; a multiple of 8, so that packed codes begin with a byte. */
    static final int SIZE = 4096;

    private FloatBlocks() {}

    /**
     * Takes elements {@code first} to {@code first + length} as the first of a block that is
     * overwritten afterwards.
     */
    interface Visitor {
        void visit(float[] block, long first, int length);
    }

    static void forEach(Tensor floats, Visitor visitor) {
        float[] block = new float[size(floats)];
        for (long first = 0; first < floats.elements(); first += SIZE) {
            int length = (int) Math.min(SIZE, floats.elements() - first);
            floats.copyFloats(first, block, 0, length);
            visitor.visit(block, first, length);
        }
    }

    /** Elements in the largest block of a tensor. */
    static int size(Tensor tensor) {
        return (int) Math.min(SIZE, tensor.elements());
    }
}
