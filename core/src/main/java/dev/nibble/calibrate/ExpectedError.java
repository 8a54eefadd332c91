package dev.nibble.calibrate;

import dev.nibble.number.Encoding;
import dev.nibble.observe.Histogram;

/**
 * The error that an encoding would bring to the values of a histogram, clipping and rounding
 * together.
 *
 * <p>Each bin counts as values at its centre. Steps finer than a bin are beyond what a histogram
 * can tell: their rounding counts as that of an even distribution.
 */
public final class ExpectedError {
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

    /**
     * Signal to noise in decibels that an encoding of one scale would leave of the values of a
     * histogram; infinite without noise, NaN without values.
     */
    public static double sqnrDb(Histogram histogram, Encoding encoding) {
        ExpectedError error = on(histogram);
        double signal = 0;
        for (int i = 0; i < error.centers.length; i++) {
            signal += error.weights[i] * error.centers[i] * error.centers[i];
        }
        return 10 * Math.log10(signal / error.squared(encoding));
    }

    /** The mean squared error of an encoding of one scale. */
    double squared(Encoding encoding) {
        double scale = encoding.scale(0);
        double inverse = 1 / scale;
        double low = lowestStep(encoding);
        double high = highestStep(encoding);
        double sum = 0;
        for (int i = 0; i < centers.length; i++) {
            double code = Math.max(low, Math.min(high, Math.rint(centers[i] * inverse)));
            double error = centers[i] - code * scale;
            sum += weights[i] * error * error;
        }
        return scale < binWidth ? sum + scale * scale / 12 : sum;
    }

    /** The mean of {@code |error|^power}: the higher the power, the more clipping counts. */
    double ofPower(Encoding encoding, double power) {
        double scale = encoding.scale(0);
        double low = lowestStep(encoding);
        double high = highestStep(encoding);
        double sum = 0;
        for (int i = 0; i < centers.length; i++) {
            double code = Math.max(low, Math.min(high, Math.rint(centers[i] / scale)));
            sum += weights[i] * Math.pow(Math.abs(centers[i] - code * scale), power);
        }
        // the mean of |u|^p over a step is (step/2)^p / (p + 1)
        return scale < binWidth ? sum + Math.pow(scale / 2, power) / (power + 1) : sum;
    }

    private static double lowestStep(Encoding encoding) {
        return encoding.scheme().lowestCode() - encoding.zeroPoint(0);
    }

    private static double highestStep(Encoding encoding) {
        return encoding.format().max() - encoding.zeroPoint(0);
    }
}
