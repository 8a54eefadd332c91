package dev.nibble.calibrate;

import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.observe.Histogram;

/**
 * Searches the range whose codes lose the least information: the least Kullback-Leibler divergence
 * between the clipped distribution and what as many codes can tell of it.
 *
 * <p>After Migacz, "8-bit inference with TensorRT", GTC 2017: clipped values join the outermost
 * bin; within a code the count is spread evenly over the bins that are not empty. The bin of zero,
 * where rectifiers pile up values that have a code of their own, counts for nothing.
 */
record EntropyCalibrator() implements Calibrator {
    private static final int STEPS = 64;
    private static final double LEAST = 0.1;

    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public Choice choose(Histogram histogram, Scheme scheme) {
        Range best = new Range(histogram.min(), histogram.max());
        double least = Double.POSITIVE_INFINITY;
        for (int step = 0; step < STEPS; step++) {
            double factor = 1 - (1 - LEAST) * step / STEPS;
            Range range =
                    new Range(
                            (float) (histogram.min() * factor), (float) (histogram.max() * factor));
            double divergence = divergence(histogram, range, scheme.format().steps() + 1);
            if (divergence < least) {
                least = divergence;
                best = range;
            }
        }
        return new Choice(best, name());
    }

    private static double divergence(Histogram histogram, Range range, int codes) {
        double[] clipped = clip(histogram, range);
        double total = 0;
        for (double count : clipped) {
            total += count;
        }
        if (total == 0) {
            return 0;
        }
        double divergence = 0;
        for (int code = 0; code < codes; code++) {
            int from = (int) ((long) code * clipped.length / codes);
            int to = (int) ((long) (code + 1) * clipped.length / codes);
            divergence += within(clipped, from, to, total);
        }
        return divergence;
    }

    /** What one code's bins add: p·log(p/q) with q the mean of the bins in use. */
    private static double within(double[] counts, int from, int to, double total) {
        double sum = 0;
        int used = 0;
        for (int i = from; i < to; i++) {
            sum += counts[i];
            used += counts[i] > 0 ? 1 : 0;
        }
        double mean = used == 0 ? 0 : sum / used;
        double divergence = 0;
        for (int i = from; i < to; i++) {
            if (counts[i] > 0) {
                divergence += counts[i] / total * Math.log(counts[i] / mean);
            }
        }
        return divergence;
    }

    /**
     * The counts of the bins inside the range, with those outside added to the outermost; the bin
     * of zero emptied.
     */
    private static double[] clip(Histogram histogram, Range range) {
        long[] counts = histogram.counts();
        int first = bin(histogram, range.min());
        int last = bin(histogram, range.max());
        double[] clipped = new double[last - first + 1];
        for (int i = 0; i < counts.length; i++) {
            if (histogram.firstBin() + i != 0) {
                clipped[Math.clamp((long) i, first, last) - first] += counts[i];
            }
        }
        return clipped;
    }

    private static int bin(Histogram histogram, float value) {
        double index =
                Math.floor(Math.scalb((double) value, -histogram.exponent()))
                        - histogram.firstBin();
        return (int) Math.clamp(index, 0, histogram.counts().length - 1.0);
    }
}
