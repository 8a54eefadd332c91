package dev.nibble.math;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A mean, and how sure it is: the 95 % interval of the percentile bootstrap (Efron 1979).
 *
 * <p>The samples are drawn anew, with replacement, a thousand times; the interval holds the middle
 * 95 % of the means. Draws are those of a fixed seed, so the same numbers give the same interval.
 */
public record Bootstrap(double mean, double low, double high) {
    private static final int DRAWS = 1000;
    private static final long SEED = 0;
    private static final double TAIL = 0.025;

    /**
     * The mean of some numbers, one for each sample.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Bootstrap mean(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("the mean of no numbers is unknown; give some");
        }
        RandomGenerator random =
                RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(SEED);
        double[] means = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[draw] = sum / values.length;
        }
        Arrays.sort(means);
        return new Bootstrap(
                Arrays.stream(values).sum() / values.length,
                means[(int) Math.floor(TAIL * (DRAWS - 1))],
                means[(int) Math.ceil((1 - TAIL) * (DRAWS - 1))]);
    }
}
