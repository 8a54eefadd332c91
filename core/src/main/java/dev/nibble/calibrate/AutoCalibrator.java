package dev.nibble.calibrate;

import dev.nibble.number.Encoding;
import dev.nibble.number.Scheme;
import dev.nibble.observe.Histogram;

import java.util.List;

/**
 * Asks several calibrators and takes the range whose codes err least on the values observed,
 * clipping and rounding together.
 *
 * @param candidates asked in order; of equals the first wins
 */
record AutoCalibrator(List<Calibrator> candidates) implements Calibrator {
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
        double least = error.of(Encoding.ofRange(scheme, best.range()));
        for (Calibrator candidate : candidates.subList(1, candidates.size())) {
            Choice choice = candidate.choose(histogram, scheme);
            double candidateError = error.of(Encoding.ofRange(scheme, choice.range()));
            if (candidateError < least) {
                least = candidateError;
                best = choice;
            }
        }
        return best;
    }
}
