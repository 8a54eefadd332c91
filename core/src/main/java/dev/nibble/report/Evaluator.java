package dev.nibble.report;

import dev.nibble.engine.Engine;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Latency;
import dev.nibble.engine.LocalLab;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Session;
import dev.nibble.engine.Stopwatch;
import dev.nibble.error.NibbleException;
import dev.nibble.report.Evaluation.Entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Evaluates network files beside a baseline: one pass over the samples for accuracy and errors,
 * then their latencies in turns, then the memory of a process for each.
 *
 * @param threads how many samples are scored at the same time; timing always runs one
 * @param batch how many samples a thread takes at once
 * @param stopwatch times the networks
 */
public record Evaluator(
        Engine engine,
        ModelFormat format,
        int threads,
        int batch,
        Progress progress,
        Stopwatch stopwatch) {
    /** As many samples are kept in memory for timing. */
    private static final int TIMED_SAMPLES = 16;

    /**
     * Evaluates the candidates, of which the first is the baseline.
     *
     * @throws NibbleException if a file cannot be read or run, the samples do not fit it, or its
     *     outputs are not those of the baseline
     */
    public Evaluation evaluate(List<Candidate> candidates) {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is nothing to evaluate; give at least one network");
        }
        Lineup lineup = Lineup.of(candidates);
        LineupEngine runner = new LineupEngine(engine, entries(candidates, lineup));
        List<Score> scores = score(lineup, runner).scores();
        List<Latency> latencies = time(lineup, runner);
        List<Long> memory = weigh(candidates);
        List<Entry> models = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Path file = candidates.get(i).file();
            models.add(
                    new Entry(
                            file, scores.get(i), sizeBytes(file), latencies.get(i), memory.get(i)));
        }
        return new Evaluation(engine.name(), lineup.description(), models);
    }

    /**
     * The scores alone of candidates, of which the first is the baseline.
     *
     * @throws NibbleException as above
     */
    public List<Score> scores(List<Candidate> candidates) {
        Lineup lineup = Lineup.of(candidates);
        return score(lineup, new LineupEngine(engine, entries(candidates, lineup))).scores();
    }

    private List<LineupEngine.Entry> entries(List<Candidate> candidates, Lineup lineup) {
        return IntStream.range(0, candidates.size())
                .mapToObj(i -> entry(candidates.get(i).file(), lineup.prefix(i)))
                .toList();
    }

    private LineupEngine.Entry entry(Path file, String prefix) {
        return new LineupEngine.Entry(file, format.read(file), prefix);
    }

    private Scores score(Lineup lineup, LineupEngine runner) {
        LineupEngine.Entry baseline = runner.entries().getFirst();
        List<OutputPairs> pairs =
                runner.entries().stream()
                        .map(entry ->
                                OutputPairs.of(
                                        baseline.file(),
                                        baseline.model().graph(),
                                        entry.file(),
                                        entry.model().graph()))
                        .toList();
        List<Probe> probes =
                runner.entries().stream().map(entry -> Probe.outputsOf(entry.model())).toList();
        return new LocalLab(lineup, runner, format, threads, batch, progress)
                .measure("evaluating", probes, new Scoring(pairs));
    }

    private List<Latency> time(Lineup lineup, LineupEngine runner) {
        List<Sample> samples =
                IntStream.range(0, Math.min(TIMED_SAMPLES, lineup.size()))
                        .mapToObj(lineup::get)
                        .toList();
        return time(runner, new ArrayList<>(), samples);
    }

    /** Opens what is not open yet, times all, and closes them on the way back. */
    private List<Latency> time(LineupEngine runner, List<Session> open, List<Sample> samples) {
        if (open.size() == runner.entries().size()) {
            return stopwatch.time(open, samples, progress);
        }
        LineupEngine.Entry next = runner.entries().get(open.size());
        try (Session session = runner.open(next, EngineOptions.SINGLE_THREAD)) {
            open.add(session);
            return time(runner, open, samples);
        }
    }

    private List<Long> weigh(List<Candidate> candidates) {
        progress.start("measuring memory", candidates.size());
        try {
            List<Long> peaks = new ArrayList<>();
            for (Candidate candidate : candidates) {
                Sample sample = candidate.samples().get(0);
                peaks.add(engine.peakMemoryBytes(candidate.file(), sample).orElse(Entry.UNKNOWN));
                progress.advance(1);
            }
            return peaks;
        } finally {
            progress.finish();
        }
    }

    private long sizeBytes(Path network) {
        long bytes = 0;
        for (Path file : format.files(network)) {
            try {
                bytes += Files.size(file);
            } catch (IOException e) {
                throw new NibbleException(
                        "the size of %s cannot be read: %s".formatted(file, e), e);
            }
        }
        return bytes;
    }
}
