package dev.nibble.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/**
 * Times several networks against each other: in turns, on the same samples, one at a time.
 *
 * <p>In each round every network runs once on the same sample; odd rounds go through the networks
 * backwards. So what slows the machine down for a while slows all of them, and none always runs on
 * the caches that the same other one left behind.
 *
 * @param warmUpRounds rounds that are not counted
 * @param minRounds rounds that are counted in any case
 * @param maxRounds rounds after which it is enough
 * @param limit time after which no further round begins once there are {@code minRounds}
 * @param nanoTime the clock, in nanoseconds
 */
public record Stopwatch(
        int warmUpRounds, int minRounds, int maxRounds, Duration limit, LongSupplier nanoTime) {
    public Stopwatch {
        if (warmUpRounds < 0 || minRounds < 1 || maxRounds < minRounds) {
            throw new IllegalArgumentException(
                    "cannot warm up for %d rounds and time %d to %d: warm-up is at least 0, rounds at least 1"
                            .formatted(warmUpRounds, minRounds, maxRounds));
        }
    }

    /**
     * Enough for a figure that repeats: 10 rounds to warm up, then 20 to 200 of them, for about 20
     * seconds.
     */
    public static Stopwatch standard() {
        return new Stopwatch(10, 20, 200, Duration.ofSeconds(20), System::nanoTime);
    }

    /**
     * Times the sessions; the answer has their order.
     *
     * @param samples rounds take them in turn, from the beginning again after the last; all are
     *     kept in memory
     * @throws CancellationException if the calling thread is interrupted or the progress listener
     *     throws it
     */
    public List<Latency> time(List<Session> sessions, List<Sample> samples, Progress progress) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is nothing to run the networks on; give at least one sample");
        }
        List<List<Long>> runs = sessions.stream().<List<Long>>map(_ -> new ArrayList<>()).toList();
        progress.start("timing", (long) warmUpRounds + maxRounds);
        try {
            long begun = 0;
            for (int round = -warmUpRounds; round < maxRounds; round++) {
                begun = round == 0 ? nanoTime.getAsLong() : begun;
                if (round >= minRounds && nanoTime.getAsLong() - begun >= limit.toNanos()) {
                    break;
                }
                time(sessions, samples.get(Math.floorMod(round, samples.size())), round, runs);
                progress.advance(1);
            }
        } finally {
            progress.finish();
        }
        List<long[]> nanos =
                runs.stream()
                        .map(one -> one.stream().mapToLong(Long::longValue).toArray())
                        .toList();
        return nanos.stream().map(one -> Latency.beside(nanos.getFirst(), one)).toList();
    }

    private void time(List<Session> sessions, Sample sample, int round, List<List<Long>> runs) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            order.add(i);
        }
        if (round % 2 != 0) {
            Collections.reverse(order);
        }
        for (int i : order) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the timing was interrupted");
            }
            long before = nanoTime.getAsLong();
            sessions.get(i).run(sample.inputs()).close();
            long taken = nanoTime.getAsLong() - before;
            if (round >= 0) {
                runs.get(i).add(taken);
            }
        }
    }
}
