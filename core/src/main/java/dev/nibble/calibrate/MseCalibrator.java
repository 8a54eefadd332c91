package dev.nibble.calibrate;

import dev.nibble.number.Encoding;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.observe.Histogram;

import java.util.function.DoubleFunction;

/**
 * Searches the range with the least mean squared error: clipping a few outliers against finer steps
 * for all others.
 *
 * <p>Both ends are drawn in together, then one after the other until neither helps, at last in
 * small steps. (Choukroun et al. 2019, arXiv 1902.06822, search over scales; here on the histogram,
 * with both ends free.)
 */
record MseCalibrator() implements Calibrator {
    private static final int STEPS = 40;
    private static final double COARSE = 0.92;
    private static final double FINE = 0.996;
    private static final int ROUNDS = 3;

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public Choice choose(Histogram histogram, Scheme scheme) {
        // codes cover zero in any case, so that values of one sign leave that end alone
        Range all = new Range(histogram.min(), histogram.max()).withZero();
        Search search = new Search(ExpectedError.on(histogram), scheme, all);
        boolean twoSided = all.min() < 0 && all.max() > 0;
        if (twoSided) {
            search.scan(COARSE, factor -> scaled(all, factor, factor));
        }
        for (int round = 0; round < (twoSided ? ROUNDS : 1); round++) {
            search.scan(
                    COARSE, factor -> new Range(search.best.min(), (float) (all.max() * factor)));
            search.scan(
                    COARSE, factor -> new Range((float) (all.min() * factor), search.best.max()));
        }
        Range rough = search.best;
        search.scan(FINE, factor -> scaled(rough, factor / Math.pow(FINE, STEPS / 2.0), 1));
        float low = search.best.min();
        search.scan(
                FINE,
                factor ->
                        new Range(
                                low, scaled(rough, 1, factor / Math.pow(FINE, STEPS / 2.0)).max()));
        return new Choice(search.within(all), name());
    }

    private static Range scaled(Range range, double low, double high) {
        return new Range((float) (range.min() * low), (float) (range.max() * high));
    }

    /** The best range so far. */
    private static final class Search {
        private final ExpectedError error;
        private final Scheme scheme;
        private Range best;
        private double least;

        Search(ExpectedError error, Scheme scheme, Range start) {
            this.error = error;
            this.scheme = scheme;
            this.best = start;
            this.least = error.squared(Encoding.ofRange(scheme, start));
        }

        /** Tries the ranges made of the factors 1, ratio, ratio², … */
        void scan(double ratio, DoubleFunction<Range> candidates) {
            double factor = 1;
            for (int step = 0; step < STEPS; step++, factor *= ratio) {
                Range candidate = candidates.apply(factor);
                double candidateError = error.squared(Encoding.ofRange(scheme, candidate));
                if (candidateError < least) {
                    least = candidateError;
                    best = candidate;
                }
            }
        }

        Range within(Range all) {
            float low = Math.max(best.min(), all.min());
            float high = Math.min(best.max(), all.max());
            return new Range(low, high);
        }
    }
}
