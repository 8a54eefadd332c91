package dev.nibble.report;

import dev.nibble.cost.Throughput;
import dev.nibble.cost.ThroughputMeter;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Latency;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Session;
import dev.nibble.engine.Stopwatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times networks against each other: loading, latency with one thread and with all, throughput.
 *
 * @param oneThread times runs with one thread in each operator
 * @param allThreads times runs with all threads in each operator
 * @param threads how many threads all are
 * @param meter measures throughput, with one thread in each operator
 * @param loads how many times each network is loaded for its load time
 * @param nanoTime the clock for loading, in nanoseconds
 */
public record Timing(
        Stopwatch oneThread,
        Stopwatch allThreads,
        int threads,
        ThroughputMeter meter,
        int loads,
        LongSupplier nanoTime) {
    private static final int LOADS = 3;

    /**
     * The latency of one thread as thoroughly as {@link Stopwatch#standard}; everything else takes
     * a few seconds together, unless single runs take longer than that.
     */
    public static Timing standard(int threads) {
        return new Timing(
                Stopwatch.standard(),
                new Stopwatch(3, 5, 100, Duration.ofSeconds(1), System::nanoTime),
                threads,
                ThroughputMeter.standard(threads),
                LOADS,
                System::nanoTime);
    }

    /** What can be opened: a network of the lineup. */
    interface Network {
        Session open(EngineOptions options);
    }

    /** Times the networks; the answer has their order. */
    List<Speed> time(List<Network> networks, List<Sample> samples, Progress progress) {
        List<Latency> loaded = load(networks, progress);
        List<Latency> single = new ArrayList<>();
        List<Throughput> throughputs = new ArrayList<>();
        opened(
                networks,
                EngineOptions.SINGLE_THREAD,
                new ArrayList<>(),
                sessions -> {
                    single.addAll(oneThread.time(sessions, samples, progress));
                    throughputs.addAll(meter.measure(sessions, samples, progress));
                });
        List<Latency> all = new ArrayList<>();
        opened(
                networks,
                new EngineOptions(threads, true),
                new ArrayList<>(),
                sessions -> all.addAll(allThreads.time(sessions, samples, progress)));
        List<Speed> speeds = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            speeds.add(
                    new Speed(
                            single.get(i),
                            all.get(i),
                            threads,
                            loaded.get(i).medianMs(),
                            throughputs.get(i)));
        }
        return speeds;
    }

    /** How long opening takes, with all threads, in turns. */
    private List<Latency> load(List<Network> networks, Progress progress) {
        progress.start("loading", (long) loads * networks.size());
        try {
            long[][] nanos = new long[networks.size()][loads];
            for (int round = 0; round < loads; round++) {
                for (int i = 0; i < nanos.length; i++) {
                    long before = nanoTime.getAsLong();
                    Session session = networks.get(i).open(new EngineOptions(threads, true));
                    nanos[i][round] = nanoTime.getAsLong() - before;
                    session.close();
                    progress.advance(1);
                }
            }
            return List.of(nanos).stream().map(Latency::ofNanos).toList();
        } finally {
            progress.finish();
        }
    }

    private interface Use {
        void of(List<Session> sessions);
    }

    /** Opens what is not open yet, uses all, and closes them on the way back. */
    private static void opened(
            List<Network> networks, EngineOptions options, List<Session> open, Use use) {
        if (open.size() == networks.size()) {
            use.of(List.copyOf(open));
            return;
        }
        try (Session session = networks.get(open.size()).open(options)) {
            open.add(session);
            opened(networks, options, open, use);
        }
    }
}
