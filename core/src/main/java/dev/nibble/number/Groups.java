package dev.nibble.number;

import dev.nibble.tensor.Shape;

/**
 * Which scale each element of a tensor has.
 *
 * <p>In the order of the data, elements come in stretches: all of one group, or each of the group
 * after its neighbour's.
 *
 * @param inner elements that have the same index of the grouped axis and follow each other
 * @param extent extent of the grouped axis
 * @param blockSize indices of the grouped axis that share a scale
 * @param blocked whether all other axes tell groups apart, too
 */
record Groups(long inner, long extent, long blockSize, boolean blocked) {

    static Groups of(Shape shape, Granularity granularity) {
        return switch (granularity) {
            case Granularity.PerTensor() -> new Groups(Math.max(1, shape.elements()), 1, 1, false);
            case Granularity.PerAxis(int axis) ->
                    new Groups(inner(shape, axis), shape.dim(axis), 1, false);
            case Granularity.PerBlock(int axis, int blockSize) ->
                    new Groups(inner(shape, axis), shape.dim(axis), blockSize, true);
        };
    }

    static Groups of(Shape shape, Encoding encoding) {
        checkFit(shape, encoding);
        return of(shape, encoding.granularity());
    }

    static void checkFit(Shape shape, Encoding encoding) {
        long expected = encoding.granularity().scaleShape(shape).elements();
        if (expected != encoding.groups()) {
            throw new IllegalArgumentException(
                    "shape %s takes %d scales %s, not %d; make the encoding for this shape"
                            .formatted(shape, expected, encoding.granularity(), encoding.groups()));
        }
    }

    private static long inner(Shape shape, int axis) {
        return shape.product(shape.normalize(axis) + 1, shape.rank());
    }

    /** The group of an element, by its place in the data. */
    int group(long element) {
        long block = element / inner % extent / blockSize;
        if (!blocked) {
            return Math.toIntExact(block);
        }
        long row = element / inner / extent;
        return Math.toIntExact(
                (row * Math.ceilDiv(extent, blockSize) + block) * inner + element % inner);
    }

    /**
     * Whether the group goes up by one with every element of a stretch; otherwise a stretch is of
     * one group.
     */
    boolean stepping() {
        return blocked ? inner > 1 : inner == 1 && extent > 1;
    }

    /** How many elements from this one on, itself included, make a stretch. */
    long stretch(long element) {
        if (inner > 1) {
            return inner - element % inner;
        }
        long index = element % extent;
        return blocked
                ? Math.min(extent, (index / blockSize + 1) * blockSize) - index
                : extent - index;
    }

    /** Calls the operation for each run of elements of one group. */
    void forEachRun(long first, int length, Run operation) {
        if (!stepping()) {
            forEachStretch(first, length, operation);
            return;
        }
        forEachStretch(
                first,
                length,
                (group, from, stretch) -> {
                    for (int i = 0; i < stretch; i++) {
                        operation.accept(group + i, from + i, 1);
                    }
                });
    }

    /** Calls the operation for each stretch, with the group of its first element. */
    void forEachStretch(long first, int length, Run operation) {
        for (int at = 0; at < length; ) {
            int end = (int) Math.min(length, at + stretch(first + at));
            operation.accept(group(first + at), at, end - at);
            at = end;
        }
    }

    /** Takes elements that follow each other. */
    interface Run {
        void accept(int group, int from, int length);
    }
}
