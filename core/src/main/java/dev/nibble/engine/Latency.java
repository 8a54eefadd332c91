package dev.nibble.engine;

import java.util.Arrays;

/**
 * How long one run of a network takes, sample by sample.
 *
 * @param medianMs half of the runs took at most so many milliseconds
 * @param p95Ms 95 of 100 runs took at most so many milliseconds
 * @param ratio the time of a run over that of the first network in the same round, as the median
 *     over rounds: what slows the machine down for a while slows both
 */
public record Latency(double medianMs, double p95Ms, double ratio) {
    private static final double NANOS_PER_MS = 1e6;

    /** The latency of a network that is timed alone or first. */
    public Latency(double medianMs, double p95Ms) {
        this(medianMs, p95Ms, 1);
    }

    /**
     * The latency of a network beside that of another one in the same rounds.
     *
     * @throws IllegalArgumentException if there are no rounds, or not as many of both
     */
    public static Latency beside(long[] first, long[] runs) {
        if (first.length != runs.length) {
            throw new IllegalArgumentException(
                    "%d rounds cannot be paired with %d".formatted(first.length, runs.length));
        }
        Latency own = ofNanos(runs);
        double[] ratios = new double[runs.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = (double) runs[i] / Math.max(1, first[i]);
        }
        Arrays.sort(ratios);
        int half = ratios.length / 2;
        double median =
                ratios.length % 2 == 1 ? ratios[half] : (ratios[half - 1] + ratios[half]) / 2;
        return new Latency(own.medianMs, own.p95Ms, median);
    }

    /**
     * The latency of the given runs: the mean of the two middle ones, and the smallest that 95 % do
     * not exceed.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Latency ofNanos(long... runs) {
        if (runs.length == 0) {
            throw new IllegalArgumentException(
                    "the latency of no runs at all is unknown; time at least one");
        }
        long[] sorted = runs.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        double median =
                sorted.length % 2 == 1
                        ? sorted[half]
                        : (sorted[half - 1] + (double) sorted[half]) / 2;
        // in whole numbers: 0.95 · 20 is above 19 in floating point
        int rank = Math.toIntExact(Math.ceilDiv(95L * sorted.length, 100));
        return new Latency(median / NANOS_PER_MS, sorted[rank - 1] / NANOS_PER_MS);
    }
}
