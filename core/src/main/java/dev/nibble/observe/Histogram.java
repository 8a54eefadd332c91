package dev.nibble.observe;

import dev.nibble.kernel.Kernels;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;

/**
 * Counts of values on a grid of steps that are powers of two: bin i covers {@code [(firstBin +
 * i)·2^exponent, (firstBin + i + 1)·2^exponent)}.
 *
 * <p>The exponent is the smallest for which the range seen takes at most {@code maxBins} bins. Two
 * bins of a grid are one bin of the next coarser grid, so that histograms merge exactly: in
 * whatever order and parts values are seen, the counts are those of seeing them all at once. Memory
 * is constant in the number of values.
 *
 * <p>Values that are not finite are counted apart.
 */
public final class Histogram implements Statistic<Histogram> {
    /** Enough for the calibrators to tell the codes of 8 bits apart at a fraction of the range. */
    public static final int DEFAULT_BINS = 2048;

    private final int maxBins;
    private final MinMax extremes;
    private final Grid grid;
    private final long[] counts;

    private Histogram(int maxBins, MinMax extremes, Grid grid, long[] counts) {
        this.maxBins = maxBins;
        this.extremes = extremes;
        this.grid = grid;
        this.counts = counts;
    }

    /**
     * Counts values in at most so many bins.
     *
     * @param maxBins at least 2
     */
    public static Observer<Histogram> observer(int maxBins) {
        return new Counting(maxBins);
    }

    /**
     * The histogram of no finite values: it has no bins, exponent 0 and extremes that are turned
     * round.
     */
    private static Histogram empty(int maxBins, MinMax extremes) {
        return new Histogram(maxBins, extremes, new Grid(0, 0, -1), new long[0]);
    }

    /** Bins are 2^exponent wide. */
    public int exponent() {
        return grid.exponent();
    }

    /** The number of the bin of {@code counts()[0]}: its lower end over 2^exponent. */
    public int firstBin() {
        return grid.first();
    }

    /** How many values fell in each bin, from the bin of the least to the bin of the greatest. */
    public long[] counts() {
        return counts.clone();
    }

    public int bins() {
        return counts.length;
    }

    /** How many values fell in the bin that is {@code index} after the first. */
    public long count(int index) {
        return counts[index];
    }

    /** The middle of the bin that is {@code index} after the first. */
    public double binCenter(int index) {
        return Math.scalb(grid.first() + index + 0.5, grid.exponent());
    }

    /** Least finite value, exactly; positive infinity if there is none. */
    public float min() {
        return extremes.min();
    }

    /** Greatest finite value, exactly; negative infinity if there is none. */
    public float max() {
        return extremes.max();
    }

    /** Number of finite values: the sum of the counts. */
    public long total() {
        return extremes.total();
    }

    /** Number of values that are NaN or infinite. */
    public long notFinite() {
        return extremes.notFinite();
    }

    /** Whether no finite value was seen. */
    public boolean isEmpty() {
        return extremes.isEmpty();
    }

    @Override
    public Histogram merge(Histogram other) {
        if (maxBins != other.maxBins) {
            throw new IllegalArgumentException(
                    "histograms of at most %d and %d bins do not merge; observe both with the same number"
                            .formatted(maxBins, other.maxBins));
        }
        MinMax merged = extremes.merge(other.extremes);
        if (merged.isEmpty()) {
            return empty(maxBins, merged);
        }
        Grid common = Grid.covering(merged.min(), merged.max(), maxBins);
        long[] sums = new long[common.bins()];
        addTo(sums, common);
        other.addTo(sums, common);
        return new Histogram(maxBins, merged, common, sums);
    }

    private void addTo(long[] sums, Grid coarser) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                sums[coarser.place(grid.first() + i, grid.exponent())] += counts[i];
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Histogram histogram
                && maxBins == histogram.maxBins
                && extremes.equals(histogram.extremes)
                && grid.equals(histogram.grid)
                && Arrays.equals(counts, histogram.counts);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * extremes.hashCode() + grid.hashCode()) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return isEmpty()
                ? "no finite values"
                : total()
                        + " values in "
                        + min()
                        + ".."
                        + max()
                        + ", "
                        + bins()
                        + " bins of 2^"
                        + exponent();
    }

    /** Looks at the values twice: for the extremes, then to count on the grid that they ask for. */
    private record Counting(int maxBins) implements Observer<Histogram> {
        Counting {
            if (maxBins < 2) {
                throw new IllegalArgumentException(
                        "a histogram takes at least 2 bins, not " + maxBins);
            }
        }

        @Override
        public Histogram nothing() {
            return empty(maxBins, MinMax.NOTHING);
        }

        @Override
        public Histogram observe(Tensor values) {
            MinMax extremes = MinMax.of(values);
            if (extremes.isEmpty()) {
                return empty(maxBins, extremes);
            }
            Grid grid = Grid.covering(extremes.min(), extremes.max(), maxBins);
            BinCounter counter = new BinCounter(Kernels.forElements(values.elements()), grid);
            FloatBlocks.forEach(
                    values, extremes.notFinite() == 0 ? counter::add : counter::addFinite);
            return new Histogram(maxBins, extremes, grid, counter.counts());
        }
    }
}
