package dev.nibble.examples.compatibility;

import java.util.Random;

/**
 * A signal somewhat like speech: syllables of a voice with harmonics and two resonances, hisses and
 * pauses between them, over a little noise.
 */
final class Speech {
    static final int RATE = 16_000;

    private static final double LOUDNESS = 0.15;
    private static final double NOISE = 0.003;
    private static final int HARMONICS = 24;

    /** Seconds from the beginning of one syllable to that of the next. */
    private static final double SYLLABLE = 0.22;

    private static final double RESONANCE_WIDTH = 150;

    private Speech() {}

    /**
     * A stretch of it.
     *
     * @param seed decides voice, syllables and noise
     * @param length how many numbers, at {@link #RATE}
     * @return from −1 to 1
     */
    static float[] of(long seed, int length) {
        Random random = new Random(seed);
        double pitch = 90 + 130 * random.nextDouble();
        float[] wave = new float[length];
        double phase = 0;
        int syllable = -1;
        int step = (int) (SYLLABLE * RATE);
        int offset = random.nextInt(step);
        double[] resonances = {500, 1500};
        boolean voiced = true;
        double strength = 1;
        for (int i = 0; i < length; i++) {
            int at = i + offset;
            if (at / step != syllable) {
                syllable = at / step;
                resonances =
                        new double[] {
                            300 + 500 * random.nextDouble(), 900 + 1500 * random.nextDouble()
                        };
                voiced = random.nextDouble() < 0.8;
                strength = random.nextDouble() < 0.15 ? 0 : 0.4 + 0.6 * random.nextDouble();
            }
            double envelope = strength * Math.sin(Math.PI * (at % step) / step);
            phase += 2 * Math.PI * pitch * (1 + 0.05 * Math.sin(2 * Math.PI * 4 * i / RATE)) / RATE;
            double sound = voiced ? voice(phase, pitch, resonances) : 0.3 * random.nextGaussian();
            wave[i] =
                    (float)
                            Math.clamp(
                                    LOUDNESS * envelope * sound + NOISE * random.nextGaussian(),
                                    -1,
                                    1);
        }
        return wave;
    }

    private static double voice(double phase, double pitch, double[] resonances) {
        double sound = 0;
        for (int harmonic = 1; harmonic <= HARMONICS; harmonic++) {
            double gain = 0.1 / harmonic;
            for (double resonance : resonances) {
                double distance = (harmonic * pitch - resonance) / RESONANCE_WIDTH;
                gain += 1 / (1 + distance * distance) / 2;
            }
            sound += gain * Math.sin(harmonic * phase);
        }
        return sound;
    }

    /** The magnitudes of the spectrum of a stretch, from 0 to half the rate. */
    static float[] spectrum(float[] wave) {
        int bins = wave.length / 2 + 1;
        float[] magnitudes = new float[bins];
        for (int bin = 0; bin < bins; bin++) {
            double real = 0;
            double imaginary = 0;
            for (int i = 0; i < wave.length; i++) {
                double angle = 2 * Math.PI * bin * i / wave.length;
                real += wave[i] * Math.cos(angle);
                imaginary -= wave[i] * Math.sin(angle);
            }
            magnitudes[bin] = (float) Math.hypot(real, imaginary);
        }
        return magnitudes;
    }
}
