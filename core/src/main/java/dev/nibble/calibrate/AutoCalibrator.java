package dev.nibble.calibrate;

import dev.nibble.number.Encoding;
import dev.nibble.number.Scheme;
import dev.nibble.observe.Histogram;

import java.util.List;

/**
 * Asks several calibrators and takes the range whose codes err least on the values observed,
 * clipping and rounding together.
 *
 * <p>The error is measured as the mean of {@code |error|^2.4}: a large value that is clipped hurts
 * a network somewhat more than its square says. Powers from 2 to 2.4 gave the best outputs on the
 * networks tried; from 3 on nothing is clipped any more. (Nahshan et al. 2019, arXiv 1911.07190,
 * choose ranges by p-norms near 2.4 too.)
 *
 * @param candidates asked in order; of equals the first wins
 */
record AutoCalibrator(List<Calibrator> candidates) implements Calibrator {
    private static final double POWER = 2.4;

    AutoCalibrator {
        candidates = List.copyOf(candidates);
    }

    @Override
    public String name() {
        return "auto";
    }

    @Override
    public Choice choose(Histogram histogram, Scheme scheme) {
        ExpectedError error = ExpectedError.on(histogram);
        Choice best = candidates.getFirst().choose(histogram, scheme);
        double least = error.ofPower(Encoding.ofRange(scheme, best.range()), POWER);
        for (Calibrator candidate : candidates.subList(1, candidates.size())) {
            Choice choice = candidate.choose(histogram, scheme);
            double candidateError = error.ofPower(Encoding.ofRange(scheme, choice.range()), POWER);
            if (candidateError < least) {
                least = candidateError;
                best = choice;
            }
        }
        return best;
    }
}
