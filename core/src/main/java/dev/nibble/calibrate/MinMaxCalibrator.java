package dev.nibble.calibrate;

import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.observe.Histogram;

/** Takes the extremes. */
record MinMaxCalibrator() implements Calibrator {
    @Override
    public String name() {
        return "minMax";
    }

    @Override
    public Choice choose(Histogram histogram, Scheme scheme) {
        return new Choice(new Range(histogram.min(), histogram.max()), name());
    }
}
