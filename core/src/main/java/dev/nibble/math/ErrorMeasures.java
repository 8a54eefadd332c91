package dev.nibble.math;

/**
 * How far an approximation a is from its reference r.
 *
 * @param sqnrDb signal to quantization noise ratio in decibels, {@code 10·log10(Σ r² / Σ (r −
 *     a)²)}: infinite if nothing differs, minus infinity if the reference is all zeros and the
 *     approximation is not; 6 dB are one bit
 * @param mse mean squared error, {@code Σ (r − a)² / n}; 0 for no values
 * @param maxError greatest magnitude of {@code r − a}
 * @param cosine {@code Σ r·a / √(Σ r² · Σ a²)}: 1 if both point the same way; 1 if both are zero, 0
 *     if one is
 */
public record ErrorMeasures(double sqnrDb, double mse, double maxError, double cosine) {

    /**
     * The measures that follow from sums over all values.
     *
     * @param count number of values n
     * @param referenceSquares Σ r²
     * @param approximationSquares Σ a²
     * @param dot Σ r·a
     * @param errorSquares Σ (r − a)²
     * @param maxError greatest |r − a|
     */
    public static ErrorMeasures ofSums(
            long count,
            double referenceSquares,
            double approximationSquares,
            double dot,
            double errorSquares,
            double maxError) {
        return new ErrorMeasures(
                sqnrDb(referenceSquares, errorSquares),
                count == 0 ? 0 : errorSquares / count,
                maxError,
                cosine(referenceSquares, approximationSquares, dot));
    }

    private static double sqnrDb(double signal, double noise) {
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
    }

    private static double cosine(double referenceSquares, double approximationSquares, double dot) {
        if (referenceSquares == 0 || approximationSquares == 0) {
            return referenceSquares == approximationSquares ? 1 : 0;
        }
        // root by root, as the product of the squares may overflow
        return dot / Math.sqrt(referenceSquares) / Math.sqrt(approximationSquares);
    }
}
