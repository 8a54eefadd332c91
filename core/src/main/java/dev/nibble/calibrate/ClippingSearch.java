package dev.nibble.calibrate;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.GroupIndex;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.Shape;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/**
 * Searches for the range of each group of weights that share a scale the one with the least squared
 * rounding error: a few large weights clipped against finer steps for all.
 *
 * <p>Errors may count by the importance of each weight, such as the mean square of the input that
 * it is multiplied with. (Banner et al. 2019, arXiv 1810.05723, clip so by a formula; here the
 * error is measured.)
 */
public final class ClippingSearch {
    private static final int COARSE_STEPS = 40;
    private static final int FINE_STEPS = 8;
    private static final double LEAST_FACTOR = 0.3;

    private final Scheme scheme;
    private final float[] values;
    private final double[] importances;
    private final int[] starts;

    private ClippingSearch(Scheme scheme, float[] values, double[] importances, int[] starts) {
        this.scheme = scheme;
        this.values = values;
        this.importances = importances;
        this.starts = starts;
    }

    /**
     * The best range of each group.
     *
     * @param values finite weights, in the order of the shape
     * @param importances how much the squared error of each weight counts, 0 or more; empty if all
     *     count alike
     * @return in the row-major order of {@link Granularity#scaleShape}
     */
    public static List<Range> ranges(
            float[] values, double[] importances, Shape shape, Scheme scheme) {
        int[] groups = GroupIndex.of(shape, scheme.granularity());
        int count = Math.toIntExact(scheme.granularity().scaleShape(shape).elements());
        int[] starts = new int[count + 1];
        for (int group : groups) {
            starts[group + 1]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] next = starts.clone();
        float[] sorted = new float[values.length];
        double[] sortedImportances = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int place = next[groups[i]]++;
            sorted[place] = values[i];
            sortedImportances[place] = importances.length == 0 ? 1 : importances[i];
        }
        Scheme alone = new Scheme(scheme.format(), scheme.symmetric(), Granularity.perTensor());
        ClippingSearch search = new ClippingSearch(alone, sorted, sortedImportances, starts);
        return IntStream.range(0, count).parallel().mapToObj(search::best).toList();
    }

    private Range best(int group) {
        Range all = new Range(0, 0);
        for (int i = starts[group]; i < starts[group + 1]; i++) {
            all = all.union(new Range(values[i], values[i]));
        }
        if (all.maxAbs() == 0) {
            return all;
        }
        Scan scan = new Scan(group, all);
        if (scheme.symmetric()) {
            float most = all.maxAbs();
            scan.along(factor -> new Range((float) (-most * factor), (float) (most * factor)));
            return scan.best;
        }
        Range whole = all;
        scan.along(factor -> range(whole.min() * factor, whole.max() * factor));
        float low = scan.best.min();
        scan.along(factor -> range(low, whole.max() * factor));
        float high = scan.best.max();
        scan.along(factor -> range(whole.min() * factor, high));
        return scan.best;
    }

    private static Range range(double min, double max) {
        return new Range((float) min, (float) max);
    }

    /** The squared error of a group's weights, each counted by its importance. */
    private double error(int group, Range range) {
        Encoding encoding = Encoding.ofRange(scheme, range);
        double scale = encoding.scale(0);
        double inverse = 1 / scale;
        double least = encoding.format().min() - encoding.zeroPoint(0);
        double greatest = encoding.format().max() - encoding.zeroPoint(0);
        double error = 0;
        for (int i = starts[group]; i < starts[group + 1]; i++) {
            double steps = Math.rint(values[i] * inverse);
            double off = Math.min(Math.max(steps, least), greatest) * scale - values[i];
            error += importances[i] * off * off;
        }
        return error;
    }

    /** The best range so far. */
    private final class Scan {
        private final int group;
        private Range best;
        private double least;

        Scan(int group, Range start) {
            this.group = group;
            this.best = start;
            this.least = error(group, start);
        }

        /** Tries factors from 1 down, then some about the best one. */
        void along(DoubleFunction<Range> candidates) {
            double step = (1 - LEAST_FACTOR) / COARSE_STEPS;
            double bestFactor = 1;
            for (int i = 0; i < COARSE_STEPS; i++) {
                bestFactor = tried(candidates, 1 - i * step) ? 1 - i * step : bestFactor;
            }
            double middle = bestFactor;
            for (int i = -FINE_STEPS; i <= FINE_STEPS; i++) {
                tried(candidates, middle + i * step / (FINE_STEPS + 1));
            }
        }

        private boolean tried(DoubleFunction<Range> candidates, double factor) {
            Range candidate = candidates.apply(factor);
            double error = error(group, candidate);
            if (error < least) {
                least = error;
                best = candidate;
                return true;
            }
            return false;
        }
    }
}
