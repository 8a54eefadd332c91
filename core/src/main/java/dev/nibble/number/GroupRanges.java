package dev.nibble.number;

import dev.nibble.kernel.Kernels;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** The range of the numbers in each group of elements that share a scale. */
public final class GroupRanges {
    private final float[] least;
    private final float[] greatest;

    private GroupRanges(int groups) {
        this.least = new float[groups];
        this.greatest = new float[groups];
    }

    /**
     * The extremes of each group, 0 included.
     *
     * @return in the row-major order of {@link Granularity#scaleShape}
     * @throws IllegalArgumentException if an element is NaN or infinite; the message says which
     */
    public static List<Range> of(Tensor tensor, Granularity granularity) {
        int count = Math.toIntExact(granularity.scaleShape(tensor.shape()).elements());
        Kernels kernels = Kernels.forElements(tensor.elements());
        GroupRanges ranges = new GroupRanges(count);
        Groups groups = Groups.of(tensor.shape(), granularity);
        FloatBlocks.forEach(
                tensor,
                (block, first, length) -> {
                    checkFinite(kernels, block, first, length);
                    if (groups.stepping()) {
                        groups.forEachStretch(
                                first,
                                length,
                                (group, from, run) -> ranges.widenEach(group, block, from, run));
                    } else {
                        groups.forEachRun(
                                first,
                                length,
                                (group, from, run) ->
                                        ranges.widen(group, kernels.extremes(block, from, run)));
                    }
                });
        List<Range> all = new ArrayList<>(count);
        for (int group = 0; group < count; group++) {
            all.add(new Range(ranges.least[group] + 0f, ranges.greatest[group] + 0f));
        }
        return all;
    }

    private static void checkFinite(Kernels kernels, float[] block, long first, int length) {
        if (kernels.extremes(block, 0, length).notFinite() == 0) {
            return;
        }
        for (int i = 0; i < length; i++) {
            if (!Float.isFinite(block[i])) {
                throw new IllegalArgumentException("element " + (first + i) + " is " + block[i]);
            }
        }
    }

    /** Widens neighbouring groups by one element each. */
    private void widenEach(int group, float[] values, int from, int run) {
        for (int i = 0; i < run; i++) {
            least[group + i] = Math.min(least[group + i], values[from + i]);
            greatest[group + i] = Math.max(greatest[group + i], values[from + i]);
        }
    }

    private void widen(int group, Kernels.Extremes extremes) {
        least[group] = Math.min(least[group], extremes.min());
        greatest[group] = Math.max(greatest[group], extremes.max());
    }
}
