package dev.nibble.report;

import dev.nibble.cost.EnergyEstimate;
import dev.nibble.cost.Work;
import dev.nibble.engine.Engine;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.LocalLab;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Session;
import dev.nibble.error.NibbleException;
import dev.nibble.prepare.Preparation;
import dev.nibble.report.Evaluation.Answers;
import dev.nibble.report.Evaluation.Entry;
import dev.nibble.report.Scores.Scored;
import dev.nibble.task.Task;
import dev.nibble.task.TaskGuess;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Evaluates network files beside a baseline: one pass over the samples for accuracy and errors,
 * then their speed in turns, then the memory of a process for each.
 *
 * @param threads how many samples are scored at the same time
 * @param batch how many samples a thread takes at once
 * @param timing times the networks
 * @param task what the first output is for; guessed if nobody told
 */
public record Evaluator(
        Engine engine,
        ModelFormat format,
        int threads,
        int batch,
        Progress progress,
        Timing timing,
        Optional<Task> task) {
    /** As many samples are kept in memory for timing. */
    private static final int TIMED_SAMPLES = 16;

    /** The same for networks whose first output is for a task. */
    public Evaluator answering(Optional<Task> given) {
        return new Evaluator(engine, format, threads, batch, progress, timing, given);
    }

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
        TaskGuess guess = task(lineup, runner);
        List<Scored> scores = score(lineup, runner, guess.task()).networks();
        List<Speed> speeds = time(lineup, runner);
        List<Sample> firsts =
                candidates.stream().map(candidate -> candidate.samples().get(0)).toList();
        List<Long> memory = weigh(candidates, firsts);
        List<Entry> models = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Path file = candidates.get(i).file();
            models.add(
                    new Entry(
                            file,
                            scores.get(i).score(),
                            sizeBytes(file),
                            speeds.get(i),
                            memory.get(i),
                            energy(runner.entries().get(i), firsts.get(i)),
                            new Answers(scores.get(i).classes(), scores.get(i).task().measures())));
        }
        return new Evaluation(engine.name(), lineup.description(), guess, models);
    }

    /**
     * The scores alone of candidates, of which the first is the baseline.
     *
     * @throws NibbleException as above
     */
    public List<Score> scores(List<Candidate> candidates) {
        Lineup lineup = Lineup.of(candidates);
        LineupEngine runner = new LineupEngine(engine, entries(candidates, lineup));
        return score(lineup, runner, Task.TENSOR).scores();
    }

    private List<LineupEngine.Entry> entries(List<Candidate> candidates, Lineup lineup) {
        return IntStream.range(0, candidates.size())
                .mapToObj(i -> entry(candidates.get(i).file(), lineup.prefix(i)))
                .toList();
    }

    private LineupEngine.Entry entry(Path file, String prefix) {
        return new LineupEngine.Entry(file, format.read(file), prefix);
    }

    /** What the first output of the baseline is for, by what it gives for the first sample. */
    private TaskGuess task(Lineup lineup, LineupEngine runner) {
        LineupEngine.Entry baseline = runner.entries().getFirst();
        String first =
                OutputPairs.of(
                                baseline.file(),
                                baseline.model().graph(),
                                baseline.file(),
                                baseline.model().graph())
                        .first();
        try (Session session = runner.open(baseline, EngineOptions.SINGLE_THREAD);
                Outputs outputs = session.run(lineup.get(0).inputs())) {
            Tensor output = outputs.tensors().get(first);
            if (output == null) {
                return new TaskGuess(Task.TENSOR, "the engine cannot hand over output " + first);
            }
            return task.isPresent()
                    ? TaskGuess.told(task.get(), first, output)
                    : TaskGuess.of(baseline.model().graph(), first, output);
        }
    }

    private Scores score(Lineup lineup, LineupEngine runner, Task answers) {
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
                .measure("evaluating", probes, new Scoring(pairs, answers));
    }

    private List<Speed> time(Lineup lineup, LineupEngine runner) {
        List<Sample> samples =
                IntStream.range(0, Math.min(TIMED_SAMPLES, lineup.size()))
                        .mapToObj(lineup::get)
                        .toList();
        List<Timing.Network> networks = new ArrayList<>();
        for (LineupEngine.Entry entry : runner.entries()) {
            networks.add(options -> runner.open(entry, options));
        }
        return timing.time(networks, samples, progress);
    }

    private static EnergyEstimate energy(LineupEngine.Entry entry, Sample sample) {
        Map<String, Shape> fed = new HashMap<>();
        sample.inputs().forEach((name, value) -> fed.put(name, value.shape()));
        return EnergyEstimate.of(Work.of(Preparation.flat(entry.model()).model().graph(), fed));
    }

    private List<Long> weigh(List<Candidate> candidates, List<Sample> samples) {
        progress.start("measuring memory", candidates.size());
        try {
            List<Long> peaks = new ArrayList<>();
            for (int i = 0; i < candidates.size(); i++) {
                Path file = candidates.get(i).file();
                peaks.add(engine.peakMemoryBytes(file, samples.get(i)).orElse(Entry.UNKNOWN));
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
