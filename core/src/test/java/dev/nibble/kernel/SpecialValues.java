package dev.nibble.kernel;

import java.util.Random;

/** Floats that arithmetic is likely to get wrong. */
final class SpecialValues {
    private static final float[] VALUES = {
        0f,
        -0f,
        Float.NaN,
        Float.intBitsToFloat(0xFFC0_0001),
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        0.5f,
        -0.5f,
        1.5f,
        2.5f,
        -127.5f,
        127.5f,
        32767.5f,
        8388608f,
        -8388609f,
    };

    private SpecialValues() {}

    /** Gaussian values of the given spread, every fifth replaced by a special one. */
    static float[] mixedWithRandom(int length, long seed, float spread) {
        Random random = new Random(seed);
        float[] values = random(length, seed, spread);
        for (int i = 0; i < length; i += 5) {
            values[i] = VALUES[random.nextInt(VALUES.length)];
        }
        return values;
    }

    static float[] random(int length, long seed, float spread) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian() * spread;
        }
        return values;
    }

    /** The bits, so that NaN and −0 compare as what they are. */
    static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
