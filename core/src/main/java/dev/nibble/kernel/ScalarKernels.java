package dev.nibble.kernel;

/**
 * The kernels in plain Java: the definition of every bit that the Vector API must give.
 *
 * <p>The loops have no branches and call nothing that the compiler does not know, so that it makes
 * vector instructions of them by itself; rewriting one as it would be written by hand costs a
 * factor of ten.
 */
final class ScalarKernels implements Kernels {
    /**
     * 1.5 · 2^23: a float of this size has steps of 1, so that adding it rounds to an integer, half
     * to even. Exact for magnitudes up to 2^22; quotients are clamped to 2^17 first.
     */
    static final float ROUNDER = 0x1.8p23f;

    /**
     * Values whose bins are looked up before they are counted; a multiple of {@link
     * Kernels#COUNTERS}.
     */
    private static final int PLACES = 512;

    @Override
    public void quantize(float[] source, int from, byte[] target, int to, int length, Affine map) {
        float scale = map.scale();
        float least = map.least();
        float greatest = map.greatest();
        int low = map.low();
        for (int i = 0; i < length; i++) {
            target[to + i] = (byte) (steps(source[from + i] / scale, least, greatest) + low);
        }
    }

    @Override
    public void quantize(float[] source, int from, short[] target, int to, int length, Affine map) {
        float scale = map.scale();
        float least = map.least();
        float greatest = map.greatest();
        int low = map.low();
        for (int i = 0; i < length; i++) {
            target[to + i] = (short) (steps(source[from + i] / scale, least, greatest) + low);
        }
    }

    /** Whole steps above the least: 0 for NaN, which becomes 0 when it is converted. */
    private static int steps(float quotient, float least, float greatest) {
        float clamped = Math.min(Math.max(quotient, least), greatest);
        return (int) (clamped + ROUNDER - ROUNDER - least);
    }

    @Override
    public void dequantize(
            byte[] source, int from, float[] target, int to, int length, Affine map) {
        // with its sign bit flipped, an unsigned code is a signed one that is 128 lower
        int flip = map.signed() ? 0 : 0x80;
        int zero = map.zeroPoint() - flip;
        float scale = map.scale();
        for (int i = 0; i < length; i++) {
            target[to + i] = (float) ((byte) (source[from + i] ^ flip) - zero) * scale;
        }
    }

    @Override
    public void dequantize(
            short[] source, int from, float[] target, int to, int length, Affine map) {
        int flip = map.signed() ? 0 : 0x8000;
        int zero = map.zeroPoint() - flip;
        float scale = map.scale();
        for (int i = 0; i < length; i++) {
            target[to + i] = (float) ((short) (source[from + i] ^ flip) - zero) * scale;
        }
    }

    @Override
    public void fakeQuantize(
            float[] source, int from, float[] target, int to, int length, Affine map) {
        float scale = map.scale();
        float least = map.least();
        float greatest = map.greatest();
        // in place: the compiler makes no vectors of a loop that might overtake itself in one array
        System.arraycopy(source, from, target, to, length);
        for (int i = 0; i < length; i++) {
            target[to + i] = (steps(target[to + i] / scale, least, greatest) + least) * scale;
        }
    }

    @Override
    public void sumRoundingGradients(
            float[] values, float[] gradients, int length, Affine map, float[] sums) {
        sumRoundingGradients(values, gradients, 0, length, map, sums);
    }

    /** The elements from one on, whose index is a multiple of {@link #SUMS}. */
    void sumRoundingGradients(
            float[] values, float[] gradients, int from, int length, Affine map, float[] sums) {
        for (int i = from; i < length; i++) {
            float quotient = values[i] / map.scale();
            if (quotient <= map.least()) {
                sums[SUMS + i % SUMS] += gradients[i];
            } else if (quotient >= map.greatest()) {
                sums[2 * SUMS + i % SUMS] += gradients[i];
            } else {
                sums[i % SUMS] += gradients[i] * (quotient + ROUNDER - ROUNDER - quotient);
            }
        }
    }

    @Override
    public Extremes extremes(float[] values, int from, int length) {
        // two at a time, as each minimum waits for the one before
        int half = length / 2;
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        float otherMin = min;
        float otherMax = max;
        for (int i = from; i < from + half; i++) {
            min = Math.min(min, values[i]);
            max = Math.max(max, values[i]);
            otherMin = Math.min(otherMin, values[i + half]);
            otherMax = Math.max(otherMax, values[i + half]);
        }
        if (length > 2 * half) {
            otherMin = Math.min(otherMin, values[from + length - 1]);
            otherMax = Math.max(otherMax, values[from + length - 1]);
        }
        min = Math.min(min, otherMin);
        max = Math.max(max, otherMax);
        // a NaN or an infinity among the values is one of the extremes
        return Float.isFinite(min) && Float.isFinite(max)
                ? Extremes.of(min, max, 0)
                : finiteExtremes(values, from, length);
    }

    private static Extremes finiteExtremes(float[] values, int from, int length) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        long notFinite = 0;
        for (int i = from; i < from + length; i++) {
            if (Float.isFinite(values[i])) {
                min = Math.min(min, values[i]);
                max = Math.max(max, values[i]);
            } else {
                notFinite++;
            }
        }
        return Extremes.of(min, max, notFinite);
    }

    @Override
    public void bins(
            float[] values, int from, int[] bins, int to, int length, int exponent, int first) {
        // a float times a power of two is exact in double, however small
        double inverse = Math.scalb(1.0, -exponent);
        for (int i = 0; i < length; i++) {
            bins[to + i] = (int) Math.floor(values[from + i] * inverse) - first;
        }
    }

    @Override
    public void count(
            float[] values, int from, int length, int exponent, int first, int[] counters) {
        int[] places = new int[PLACES];
        for (int at = 0; at < length; at += PLACES) {
            int part = Math.min(PLACES, length - at);
            bins(values, from + at, places, 0, part, exponent, first);
            increment(counters, places, part);
        }
    }

    private static void increment(int[] counters, int[] places, int length) {
        int whole = length - length % COUNTERS;
        for (int i = 0; i < whole; i += COUNTERS) {
            counters[places[i] * COUNTERS]++;
            counters[places[i + 1] * COUNTERS + 1]++;
            counters[places[i + 2] * COUNTERS + 2]++;
            counters[places[i + 3] * COUNTERS + 3]++;
        }
        for (int i = whole; i < length; i++) {
            counters[places[i] * COUNTERS + i % COUNTERS]++;
        }
    }

    @Override
    public void addScaled(
            double[] source, int from, double factor, double[] target, int to, int length) {
        for (int i = 0; i < length; i++) {
            target[to + i] += factor * source[from + i];
        }
    }

    @Override
    public void addFourScaled(
            float[] source,
            int from,
            int stride,
            float[] factors,
            float[] target,
            int to,
            int length) {
        float f0 = factors[0];
        float f1 = factors[1];
        float f2 = factors[2];
        float f3 = factors[3];
        int second = from + stride;
        int third = second + stride;
        int fourth = third + stride;
        for (int i = 0; i < length; i++) {
            target[to + i] +=
                    (f0 * source[from + i] + f1 * source[second + i])
                            + (f2 * source[third + i] + f3 * source[fourth + i]);
        }
    }

    /** For reports of faults. */
    @Override
    public String toString() {
        return "scalar";
    }
}
