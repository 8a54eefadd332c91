package dev.nibble.cost;

import java.util.OptionalDouble;

/**
 * How much of a network's work a machine gets done with all its threads.
 *
 * @param samplesPerSecond samples done in a second, each thread busy with one
 * @param joulesPerSample what the processor's counters counted meanwhile, for each sample; empty
 *     where they cannot be read
 * @param obstacle why there are no joules; empty if there are some
 */
public record Throughput(double samplesPerSecond, OptionalDouble joulesPerSample, String obstacle) {
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double MILLION = 1e6;

    /**
     * What a million samples cost on a machine that does nothing else.
     *
     * @param pricePerHour of the machine, in any currency
     */
    public double costPerMillion(double pricePerHour) {
        return pricePerHour / SECONDS_PER_HOUR / samplesPerSecond * MILLION;
    }
}
