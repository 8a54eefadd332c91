package dev.nibble.observe;

import dev.nibble.math.ErrorMeasures;
import dev.nibble.tensor.Tensor;

/**
 * The sums that {@link ErrorMeasures} between a reference r and an approximation a are made of, in
 * double.
 *
 * <p>Sums of floating-point numbers merge up to rounding, see {@link Statistic}.
 *
 * @param count number of pairs of values
 * @param referenceSquares Σ r²
 * @param approximationSquares Σ a²
 * @param dot Σ r·a
 * @param errorSquares Σ (r − a)²
 * @param maxError greatest |r − a|
 */
public record ErrorStatistic(
        long count,
        double referenceSquares,
        double approximationSquares,
        double dot,
        double errorSquares,
        double maxError)
        implements Statistic<ErrorStatistic> {
    /** Nothing compared. */
    public static final ErrorStatistic NOTHING = new ErrorStatistic(0, 0, 0, 0, 0, 0);

    private static final int BLOCK = 4096;

    /**
     * Compares element by element.
     *
     * @throws IllegalArgumentException if the tensors have not as many elements
     */
    public static ErrorStatistic of(Tensor reference, Tensor approximation) {
        long elements = reference.elements();
        if (elements != approximation.elements()) {
            throw new IllegalArgumentException(
                    "%s cannot be compared with %s: not as many elements"
                            .formatted(reference, approximation));
        }
        float[] expected = new float[(int) Math.min(BLOCK, elements)];
        float[] actual = new float[expected.length];
        ErrorStatistic sum = NOTHING;
        for (long at = 0; at < elements; at += BLOCK) {
            int length = (int) Math.min(BLOCK, elements - at);
            reference.copyFloats(at, expected, 0, length);
            approximation.copyFloats(at, actual, 0, length);
            sum = sum.merge(of(expected, actual, length));
        }
        return sum;
    }

    private static ErrorStatistic of(float[] reference, float[] approximation, int length) {
        double referenceSquares = 0;
        double approximationSquares = 0;
        double dot = 0;
        double errorSquares = 0;
        double maxError = 0;
        for (int i = 0; i < length; i++) {
            double expected = reference[i];
            double actual = approximation[i];
            double error = expected - actual;
            referenceSquares += expected * expected;
            approximationSquares += actual * actual;
            dot += expected * actual;
            errorSquares += error * error;
            maxError = Math.max(maxError, Math.abs(error));
        }
        return new ErrorStatistic(
                length, referenceSquares, approximationSquares, dot, errorSquares, maxError);
    }

    @Override
    public ErrorStatistic merge(ErrorStatistic other) {
        return new ErrorStatistic(
                count + other.count,
                referenceSquares + other.referenceSquares,
                approximationSquares + other.approximationSquares,
                dot + other.dot,
                errorSquares + other.errorSquares,
                Math.max(maxError, other.maxError));
    }

    public ErrorMeasures measures() {
        return ErrorMeasures.ofSums(
                count, referenceSquares, approximationSquares, dot, errorSquares, maxError);
    }
}
