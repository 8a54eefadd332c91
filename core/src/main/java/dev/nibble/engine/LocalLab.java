package dev.nibble.engine;

import dev.nibble.observe.Statistic;

import java.util.List;

/**
 * A lab on this machine: one session per network, shared by worker threads that load samples, run
 * and measure.
 *
 * <p>Samples are folded in chunks of {@value #CHUNK}, whatever the batch and the number of threads,
 * and a network always sees one sample at a time: matrix kernels differ in the last bits between
 * batch sizes. So the result depends on neither.
 *
 * <p>The memory needed does not grow with the number of samples: workers keep at most {@code 2 ·
 * threads · ⌈batch / }{@value #CHUNK}{@code ⌉} partial results between them.
 *
 * @param samples what to run over
 * @param engine what runs the networks
 * @param format the form in which the engine reads them
 * @param threads how many workers
 * @param batch how many samples a worker takes at once, rounded up to whole chunks
 * @param progress is told of every sample
 */
public record LocalLab(
        Samples samples,
        Engine engine,
        ModelFormat format,
        int threads,
        int batch,
        Progress progress)
        implements Lab {
    /**
     * How many consecutive samples share a partial result; a change of it changes the last bits of
     * sums.
     */
    static final int CHUNK = 4;

    public LocalLab {
        if (threads < 1) {
            throw new IllegalArgumentException("a lab needs at least 1 thread, not " + threads);
        }
        if (batch < 1) {
            throw new IllegalArgumentException("a batch holds at least 1 sample, not " + batch);
        }
    }

    @Override
    public LocalLab over(Samples others) {
        return new LocalLab(others, engine, format, threads, batch, progress);
    }

    @Override
    public LocalLab reportingTo(Progress listener) {
        return new LocalLab(samples, engine, format, threads, batch, listener);
    }

    /**
     * {@inheritDoc}
     *
     * <p>What a sample, an engine or the measurement throws comes out as it is; of several the one
     * of the earliest sample.
     *
     * @throws java.util.concurrent.CancellationException if the progress listener throws it, or the
     *     calling thread is interrupted
     */
    @Override
    public <S extends Statistic<S>> S measure(
            String stage, List<Probe> probes, Measurement<S> measurement) {
        progress.start(stage, samples.size());
        try (OpenProbes open = OpenProbes.open(probes, engine, format)) {
            int groupChunks =
                    Math.ceilDiv(Math.clamp(batch, 1, Math.max(1, samples.size())), CHUNK);
            Fold<S> fold =
                    new Fold<>(
                            measurement.nothing(), samples.size(), CHUNK, groupChunks, 2 * threads);
            Worker<S> worker = new Worker<>(samples, open, measurement, fold, progress);
            Workers.run(Math.min(threads, fold.groups()), worker, fold);
            return fold.result();
        } finally {
            progress.finish();
        }
    }
}
