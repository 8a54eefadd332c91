package dev.nibble.calibrate;

import dev.nibble.error.NibbleException;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.observe.Histogram;

/**
 * Leaves out a share of the values, half of it at either end.
 *
 * @param percent how many of a hundred values stay inside; above 50, at most 100
 */
record PercentileCalibrator(double percent) implements Calibrator {
    /** All but one value in a hundred thousand. */
    static final double USUAL = 99.999;

    PercentileCalibrator {
        if (!(percent > 50 && percent <= 100)) {
            throw new NibbleException("percentile " + percent + " is not above 50 and at most 100");
        }
    }

    static PercentileCalibrator parse(String number) {
        try {
            return new PercentileCalibrator(Double.parseDouble(number));
        } catch (NumberFormatException e) {
            throw new NibbleException(
                    "percentile \"" + number + "\" is not a number, as in percentile:99.9", e);
        }
    }

    @Override
    public String name() {
        return percent == USUAL ? "percentile" : "percentile:" + percent;
    }

    @Override
    public Choice choose(Histogram histogram, Scheme scheme) {
        double tail = histogram.total() * (100 - percent) / 200;
        float low = Math.max(histogram.min(), (float) quantile(histogram, tail, false));
        float high = Math.min(histogram.max(), (float) quantile(histogram, tail, true));
        return new Choice(new Range(Math.min(low, high), Math.max(low, high)), name());
    }

    /** The outer edge of the bin in which the values counted from one end reach the tail. */
    private static double quantile(Histogram histogram, double tail, boolean fromAbove) {
        long[] counts = histogram.counts();
        double seen = 0;
        for (int step = 0; step < counts.length; step++) {
            int bin = fromAbove ? counts.length - 1 - step : step;
            seen += counts[bin];
            if (seen > tail) {
                return Math.scalb(
                        (double) histogram.firstBin() + bin + (fromAbove ? 1 : 0),
                        histogram.exponent());
            }
        }
        return 0;
    }
}
