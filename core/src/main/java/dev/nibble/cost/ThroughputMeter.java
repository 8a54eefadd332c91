package dev.nibble.cost;

import dev.nibble.cost.PowerCap.Reading;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * Measures the throughput of several networks against each other: in turns, for a while each, a
 * worker on every thread with one sample at a time.
 *
 * <p>Odd rounds go through the networks backwards. Whatever the processor's counters count while a
 * network has its turn is its energy.
 *
 * @param workers how many samples are under way at the same time
 * @param rounds how many turns each network gets
 * @param turn how long a turn is; every worker does at least one sample
 * @param counters the processor's energy counters
 * @param nanoTime the clock, in nanoseconds
 */
public record ThroughputMeter(
        int workers, int rounds, Duration turn, PowerCap counters, LongSupplier nanoTime) {
    public ThroughputMeter {
        if (workers < 1 || rounds < 1) {
            throw new IllegalArgumentException(
                    "throughput needs at least 1 worker and 1 round, not %d and %d"
                            .formatted(workers, rounds));
        }
    }

    /** Four turns of an eighth of a second. */
    public static ThroughputMeter standard(int workers) {
        return new ThroughputMeter(
                workers, 4, Duration.ofMillis(125), PowerCap.in(PowerCap.ROOT), System::nanoTime);
    }

    /** What a network has done so far. */
    private static final class Tally {
        private long samples;
        private long nanos;
        private OptionalDouble joules = OptionalDouble.of(0);

        void add(long done, long taken, OptionalDouble counted) {
            samples += done;
            nanos += taken;
            joules =
                    joules.isPresent() && counted.isPresent()
                            ? OptionalDouble.of(joules.getAsDouble() + counted.getAsDouble())
                            : OptionalDouble.empty();
        }

        Throughput throughput(String obstacle) {
            double perSecond = samples / (Math.max(1, nanos) * 1e-9);
            return joules.isPresent()
                    ? new Throughput(
                            perSecond, OptionalDouble.of(joules.getAsDouble() / samples), "")
                    : new Throughput(
                            perSecond,
                            OptionalDouble.empty(),
                            obstacle.isEmpty() ? "a counter stopped being readable" : obstacle);
        }
    }

    /**
     * Measures the sessions, each of which should run one thread; the answer has their order.
     *
     * @param samples workers take them in turn
     * @throws CancellationException if the calling thread is interrupted
     */
    public List<Throughput> measure(
            List<Session> sessions, List<Sample> samples, Progress progress) {
        List<Tally> tallies = sessions.stream().map(_ -> new Tally()).toList();
        progress.start("measuring throughput", (long) rounds * sessions.size());
        try (ExecutorService pool =
                Executors.newFixedThreadPool(workers, Thread.ofPlatform().daemon().factory())) {
            // the first runs of every worker make room for its outputs
            for (Session session : sessions) {
                together(pool, session, samples, 0);
            }
            for (int round = 0; round < rounds; round++) {
                for (int i : order(sessions.size(), round)) {
                    Reading before = counters.read();
                    long begun = nanoTime.getAsLong();
                    long done = together(pool, sessions.get(i), samples, turn.toNanos());
                    long taken = nanoTime.getAsLong() - begun;
                    tallies.get(i).add(done, taken, counters.joules(before, counters.read()));
                    progress.advance(1);
                }
            }
        } finally {
            progress.finish();
        }
        return tallies.stream().map(tally -> tally.throughput(counters.obstacle())).toList();
    }

    private static List<Integer> order(int networks, int round) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < networks; i++) {
            order.add(i);
        }
        if (round % 2 != 0) {
            Collections.reverse(order);
        }
        return order;
    }

    /** How many samples the workers get done. */
    private long together(ExecutorService pool, Session session, List<Sample> samples, long nanos) {
        long begun = nanoTime.getAsLong();
        List<Callable<Long>> tasks = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            int first = worker;
            tasks.add(() -> {
                long done = 0;
                do {
                    int at = Math.floorMod(first + done, samples.size());
                    session.run(samples.get(at).inputs()).close();
                    done++;
                } while (nanoTime.getAsLong() - begun < nanos);
                return done;
            });
        }
        try {
            long all = 0;
            for (Future<Long> task : pool.invokeAll(tasks)) {
                all += task.get();
            }
            return all;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the measuring of throughput was interrupted");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        }
    }
}
