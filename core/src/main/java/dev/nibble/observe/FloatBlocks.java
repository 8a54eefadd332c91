package dev.nibble.observe;

import dev.nibble.tensor.Tensor;

/** Walks over the elements of a tensor, as floats, in blocks that stay in the first-level cache. */
final class FloatBlocks {
    private static final int SIZE = 4096;

    private FloatBlocks() {}

    interface Visitor {
        /** Takes the first {@code length} elements of a block that is overwritten afterwards. */
        void visit(float[] block, int length);
    }

    static void forEach(Tensor values, Visitor visitor) {
        long elements = values.elements();
        float[] block = new float[(int) Math.min(SIZE, elements)];
        for (long at = 0; at < elements; at += SIZE) {
            int length = (int) Math.min(SIZE, elements - at);
            values.copyFloats(at, block, 0, length);
            visitor.visit(block, length);
        }
    }
}
