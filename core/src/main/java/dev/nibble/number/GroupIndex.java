package dev.nibble.number;

import dev.nibble.tensor.Shape;

/** Which scale each element of a tensor has, element by element. */
public final class GroupIndex {
    private GroupIndex() {}

    /**
     * The group of every element, in the order of the data; groups count in the row-major order of
     * {@link Granularity#scaleShape}.
     */
    public static int[] of(Shape shape, Granularity granularity) {
        Groups groups = Groups.of(shape, granularity);
        int[] index = new int[Math.toIntExact(shape.elements())];
        groups.forEachStretch(
                0,
                index.length,
                (group, from, length) -> {
                    int step = groups.stepping() ? 1 : 0;
                    for (int i = 0; i < length; i++) {
                        index[from + i] = group + i * step;
                    }
                });
        return index;
    }
}
