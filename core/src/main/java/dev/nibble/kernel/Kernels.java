package dev.nibble.kernel;

/**
 * The inner loops of quantization and statistics over float arrays.
 *
 * <p>Law: every implementation gives the same bits for every input, special values, lengths and
 * offsets included. {@link #best()} is chosen once; the system property {@code nibble.kernels},
 * {@code scalar} or {@code vector}, overrides it.
 */
public interface Kernels {
    /** Counters of one bin in {@link #count}; a power of two. */
    int COUNTERS = 4;

    /** Sums that {@link #sumRoundingGradients} keeps of each kind. */
    int SUMS = 16;

    /**
     * Size of a tensor from which on the Vector API is worth the second of processor time that it
     * takes to be compiled: networks that have such tensors have many.
     */
    long WORTH_WARMING = 1L << 25;

    /**
     * Quantizes to codes of at most 8 bits: {@code clamp(roundHalfEven(x / scale) + zeroPoint, low,
     * high)}; NaN takes the lowest code. Unsigned codes above 127 are stored as their low 8 bits.
     */
    void quantize(float[] source, int from, byte[] target, int to, int length, Affine map);

    /** Quantizes to codes of at most 16 bits, see the version for bytes. */
    void quantize(float[] source, int from, short[] target, int to, int length, Affine map);

    /**
     * {@code (code − zeroPoint) · scale}, in float arithmetic as ONNX DequantizeLinear; codes read
     * as signed or unsigned.
     */
    void dequantize(byte[] source, int from, float[] target, int to, int length, Affine map);

    /** Dequantizes 16-bit codes, see the version for bytes. */
    void dequantize(short[] source, int from, float[] target, int to, int length, Affine map);

    /** Quantizes and dequantizes without leaving float: the error that codes bring. */
    void fakeQuantize(float[] source, int from, float[] target, int to, int length, Affine map);

    /**
     * Sums what the scale and the zero point of rounded values do to a loss (Esser et al. 2020,
     * arXiv 1902.08153, equation 3), given its gradients by the rounded values. With {@code q =
     * value / scale}, element i adds to one of
     *
     * <ul>
     *   <li>{@code sums[i % SUMS]}: gradient · (round(q) − q), if q is inside of the range
     *   <li>{@code sums[SUMS + i % SUMS]}: gradient, if the value takes the lowest code
     *   <li>{@code sums[2 · SUMS + i % SUMS]}: gradient, if it takes the highest
     * </ul>
     */
    void sumRoundingGradients(
            float[] values, float[] gradients, int length, Affine map, float[] sums);

    /** Least and greatest of the finite values, and how many are not finite. */
    Extremes extremes(float[] values, int from, int length);

    /**
     * The bins of values on a grid of steps of 2^exponent: {@code floor(x / 2^exponent) − first}.
     *
     * <p>The values must be finite and their bins must fit an int. Exact: no value is put in a
     * neighbouring bin by rounding, not even a negative one that is far smaller than a step: it is
     * in bin −1. Both zeros are in bin 0.
     */
    void bins(float[] values, int from, int[] bins, int to, int length, int exponent, int first);

    /**
     * Counts values by bin, see {@link #bins}: adds 1 to element {@code bin · COUNTERS + i %
     * COUNTERS} for value i.
     *
     * <p>A bin's count is the sum of its counters. One counter for each would be slow where many
     * values in a row fall in one bin, as zeros do after a ReLU: every increment would wait for the
     * one before.
     */
    void count(float[] values, int from, int length, int exponent, int first, int[] counters);

    /** {@code target[i] += factor · source[i]}, the product rounded before it is added. */
    void addScaled(double[] source, int from, double factor, double[] target, int to, int length);

    /**
     * Adds four rows at once: {@code target[i] += (f0 · s0[i] + f1 · s1[i]) + (f2 · s2[i] + f3 ·
     * s3[i])}, every operation rounded.
     *
     * @param from where the first row starts
     * @param stride from one row's start to the next one's
     * @param factors the factors f0 to f3, four of them
     */
    void addFourScaled(
            float[] source,
            int from,
            int stride,
            float[] factors,
            float[] target,
            int to,
            int length);

    /**
     * Least and greatest finite value and the number of values that are not finite.
     *
     * @param min positive infinity if there is no finite value
     * @param max negative infinity if there is no finite value
     * @param notFinite how many are NaN or infinite
     */
    record Extremes(float min, float max, long notFinite) {
        /** The same with 0 for −0, which no order of comparing tells apart. */
        static Extremes of(float min, float max, long notFinite) {
            return new Extremes(min + 0f, max + 0f, notFinite);
        }
    }

    /**
     * The fastest implementation that this Java runtime has, once warm: Vector API if its module is
     * there and compiled, else plain Java.
     *
     * @throws dev.nibble.error.NibbleException if {@code nibble.kernels} names none, or one that is
     *     not to be had
     */
    static Kernels best() {
        return KernelsHolder.best();
    }

    /** Plain Java, which is warm at once. */
    static Kernels plain() {
        return KernelsHolder.PLAIN;
    }

    /**
     * The implementation for a tensor of so many elements: plain Java for fewer than {@link
     * #WORTH_WARMING}, unless {@code nibble.kernels} says otherwise.
     *
     * @throws dev.nibble.error.NibbleException see {@link #best()}
     */
    static Kernels forElements(long elements) {
        return KernelsHolder.forElements(elements);
    }
}
