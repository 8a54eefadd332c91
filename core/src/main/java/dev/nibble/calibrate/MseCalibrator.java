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
 * <p>Both ends are drawn in together first, then each alone. (Choukroun et al. 2019, arXiv
 * 1902.06822, search over scales; here on the histogram, with both ends free.)
 */
record MseCalibrator() implements Calibrator {
    private static final int STEPS = 48;
    private static final double LEAST = 0.2;

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public Choice choose(Histogram histogram, Scheme scheme) {
        ExpectedError error = ExpectedError.on(histogram);
        Range all = new Range(histogram.min(), histogram.max());
        Range best = shrink(error, scheme, all, factor -> scaled(all, factor, factor));
        if (all.min() < 0 && all.max() > 0) {
            Range together = best;
            best = shrink(error, scheme, together, factor -> scaled(together, factor, 1));
            Range lower = best;
            best = shrink(error, scheme, lower, factor -> scaled(lower, 1, factor));
        }
        return new Choice(best, name());
    }

    private static Range scaled(Range range, double low, double high) {
        return new Range((float) (range.min() * low), (float) (range.max() * high));
    }

    private static Range shrink(
            ExpectedError error, Scheme scheme, Range start, DoubleFunction<Range> candidates) {
        Range best = start;
        double least = error.of(Encoding.ofRange(scheme, start));
        for (int step = 1; step < STEPS; step++) {
            Range candidate = candidates.apply(1 - (1 - LEAST) * step / STEPS);
            double candidateError = error.of(Encoding.ofRange(scheme, candidate));
            if (candidateError < least) {
                least = candidateError;
                best = candidate;
            }
        }
        return best;
    }
}
