package dev.nibble.kernel;

/** The kernels in plain Java: the definition of every bit that the vectors must give. */
final class ScalarKernels implements Kernels {
    /**
     * 1.5 · 2^23: a float of this size has steps of 1, so that adding it rounds to an integer, half to even, and leaves the
     * integer in the low bits. Exact for magnitudes up to 2^22.
     */
    static final float ROUNDER = 0x1.8p23f;

    static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    @Override
    public void quantize(
            float[] source, int from, byte[] target, int to, int length, float scale, int zeroPoint, int low, int high) {
        float least = low - zeroPoint;
        float greatest = high - zeroPoint;
        int shift = zeroPoint - ROUNDER_BITS;
        for (int i = 0; i < length; i++) {
            target[to + i] = (byte) (roundedBits(source[from + i] / scale, least, greatest) + shift);
        }
    }

    @Override
    public void quantize(
            float[] source, int from, short[] target, int to, int length, float scale, int zeroPoint, int low, int high) {
        float least = low - zeroPoint;
        float greatest = high - zeroPoint;
        int shift = zeroPoint - ROUNDER_BITS;
        for (int i = 0; i < length; i++) {
            target[to + i] = (short) (roundedBits(source[from + i] / scale, least, greatest) + shift);
        }
    }

    private static int roundedBits(float quotient, float least, float greatest) {
        return Float.floatToRawIntBits(clamp(quotient, least, greatest) + ROUNDER);
    }

    /** The nearest number in the bounds; the lower bound for NaN, which compares as neither. */
    private static float clamp(float value, float least, float greatest) {
        float raised = value >= least ? value : least;
        return raised > greatest ? greatest : raised;
    }

    @Override
    public void dequantize(
            byte[] source, int from, float[] target, int to, int length, float scale, int zeroPoint, boolean signed) {
        for (int i = 0; i < length; i++) {
            int code = signed ? source[from + i] : Byte.toUnsignedInt(source[from + i]);
            target[to + i] = (float) (code - zeroPoint) * scale;
        }
    }

    @Override
    public void dequantize(
            short[] source, int from, float[] target, int to, int length, float scale, int zeroPoint, boolean signed) {
        for (int i = 0; i < length; i++) {
            int code = signed ? source[from + i] : Short.toUnsignedInt(source[from + i]);
            target[to + i] = (float) (code - zeroPoint) * scale;
        }
    }

    @Override
    public void fakeQuantize(
            float[] source, int from, float[] target, int to, int length, float scale, int zeroPoint, int low, int high) {
        float least = low - zeroPoint;
        float greatest = high - zeroPoint;
        for (int i = 0; i < length; i++) {
            float rounded = clamp(source[from + i] / scale, least, greatest) + ROUNDER - ROUNDER;
            target[to + i] = rounded * scale;
        }
    }

    @Override
    public Extremes extremes(float[] values, int from, int length) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        long notFinite = 0;
        for (int i = from; i < from + length; i++) {
            float value = values[i];
            if (Float.isFinite(value)) {
                min = value < min ? value : min;
                max = value > max ? value : max;
            } else {
                notFinite++;
            }
        }
        return Extremes.of(min, max, notFinite);
    }

    @Override
    public void bins(float[] values, int from, int[] bins, int to, int length, int exponent, int first) {
        float inverse = Kernels.powerOfTwo(-exponent);
        for (int i = 0; i < length; i++) {
            bins[to + i] = floor((values[from + i] + 0f) * inverse) - first;
        }
    }

    @Override
    public void count(float[] values, int from, int length, int exponent, int first, int[] counters) {
        float inverse = Kernels.powerOfTwo(-exponent);
        for (int i = 0; i < length; i++) {
            int bin = floor((values[from + i] + 0f) * inverse) - first;
            counters[bin * COUNTERS + i % COUNTERS]++;
        }
    }

    /**
     * The next integer below; −1 for −0.
     *
     * <p>A negative value that is too small for the grid becomes −0 when scaled and belongs below 0. That is why the caller
     * adds 0 first, which turns a −0 that was there from the start into 0.
     */
    private static int floor(float scaled) {
        int truncated = (int) scaled;
        return truncated + (Float.floatToRawIntBits(scaled - truncated) >> 31);
    }

    /** For reports of faults. */
    @Override
    public String toString() {
        return "scalar";
    }
}
