package dev.nibble.calibrate;

import dev.nibble.number.Encoding;
import dev.nibble.observe.Histogram;

/**
 * The squared error that an encoding would bring to the values of a histogram, clipping and
 * rounding together.
 *
 * <p>Each bin counts as values at its centre. Steps finer than a bin are beyond what a histogram
 * can tell: their rounding counts as step²/12.
 */
final class ExpectedError {
    private final double[] centers;
    private final double[] weights;
    private final double binWidth;

    private ExpectedError(double[] centers, double[] weights, double binWidth) {
        this.centers = centers;
        this.weights = weights;
        this.binWidth = binWidth;
    }

    static ExpectedError on(Histogram histogram) {
        long[] counts = histogram.counts();
        int used = 0;
        for (long count : counts) {
            used += count > 0 ? 1 : 0;
        }
        double[] centers = new double[used];
        double[] weights = new double[used];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                centers[at] = Math.scalb(histogram.firstBin() + i + 0.5, histogram.exponent());
                weights[at++] = (double) counts[i] / histogram.total();
            }
        }
        return new ExpectedError(centers, weights, Math.scalb(1.0, histogram.exponent()));
    }

    /** The mean squared error of an encoding of one scale. */
    double of(Encoding encoding) {
        double scale = encoding.scale(0);
        double inverse = 1 / scale;
        double low = encoding.scheme().lowestCode() - encoding.zeroPoint(0);
        double high = encoding.format().max() - encoding.zeroPoint(0);
        double sum = 0;
        for (int i = 0; i < centers.length; i++) {
            double code = Math.clamp(Math.rint(centers[i] * inverse), low, high);
            double error = centers[i] - code * scale;
            sum += weights[i] * error * error;
        }
        return scale < binWidth ? sum + scale * scale / 12 : sum;
    }
}
