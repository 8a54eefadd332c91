package dev.nibble.observe;

import dev.nibble.kernel.Kernels;

/** Counts values on a grid, with the counters of the kernels. */
final class BinCounter {
    /** How many values an int counter holds for certain. */
    private static final int LIMIT = 1 << 30;

    private final Kernels kernels;
    private final Grid grid;
    private final int[] counters;
    private final long[] counts;
    private int pending;

    BinCounter(Kernels kernels, Grid grid) {
        this.kernels = kernels;
        this.grid = grid;
        this.counters = new int[grid.bins() * Kernels.COUNTERS];
        this.counts = new long[grid.bins()];
    }

    /** Counts values that are all finite and covered by the grid. */
    void add(float[] values, int length) {
        if (pending > LIMIT - length) {
            empty();
        }
        kernels.count(values, 0, length, grid.exponent(), grid.first(), counters);
        pending += length;
    }

    /** Counts the finite ones; overwrites the values. */
    void addFinite(float[] values, int length) {
        int finite = 0;
        for (int i = 0; i < length; i++) {
            if (Float.isFinite(values[i])) {
                values[finite++] = values[i];
            }
        }
        add(values, finite);
    }

    long[] counts() {
        empty();
        return counts;
    }

    private void empty() {
        for (int i = 0; i < counters.length; i++) {
            counts[i / Kernels.COUNTERS] += counters[i];
            counters[i] = 0;
        }
        pending = 0;
    }
}
