package dev.nibble.torch.finetune;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.torch.finetune.Loss.Taught;
import dev.nibble.torch.simulate.Simulation;
import dev.nibble.train.Augmentation;
import dev.nibble.train.EpochResult;
import dev.nibble.train.NetworkTrainer.Outcome;
import dev.nibble.train.NetworkTrainer.Task;
import dev.nibble.train.TrainingListener;
import dev.nibble.train.TrainingSettings;
import dev.nibble.train.TrainingSettings.Precision;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One training: epoch after epoch, the best one kept. */
final class FineTuning implements AutoCloseable {
    private static final double NANOS = 1e9;
    private static final int VALIDATED_AT_ONCE = 100;

    /** Batches that tell means and variances before an epoch is judged. */
    private static final int ESTIMATING = 16;

    private static final int LEAST_BATCH = 16;
    private static final int LEAST_SAMPLES = 1000;

    /** A kill loses no more than this. */
    private static final double SECONDS_BETWEEN_CHECKPOINTS = 60;

    private final Task task;
    private final TrainingSettings settings;
    private final TrainingListener listener;
    private final Optional<Checkpoint> checkpoint;
    private final Simulation network;
    private final Loss loss;
    private final Optional<Teacher> teacher;
    private final Steps optimizers;
    private final Validation validation;
    private final List<EpochResult> epochs = new ArrayList<>();
    private final boolean labelled;

    private Map<String, Tensor> bestState = Map.of();
    private double bestLoss;
    private int best;
    private double lossSum;
    private long lastSaved = System.nanoTime();

    FineTuning(Task task, TrainingListener listener) {
        this.task = task;
        this.settings = task.settings();
        this.listener = listener;
        this.labelled = task.samples().labelled() && settings.teaching().labels() > 0;
        this.checkpoint = task.checkpoint().map(file -> new Checkpoint(file, Fingerprint.of(task)));
        Graph graph = task.draft().graph();
        boolean taught = settings.teaching().needsTeacher() && task.teacher().isPresent();
        List<String> features =
                taught && settings.teaching().features() > 0
                        ? Features.of(graph, task.teacher().get().graph())
                        : List.of();
        this.teacher =
                taught
                        ? task.teacher().map(model -> new Teacher(model, features))
                        : Optional.empty();
        if (!labelled && teacher.isEmpty()) {
            throw new NibbleException(
                    "nothing to learn from: there are no labels and no teacher; give labelled"
                            + " samples or --teacher");
        }
        this.network = new Simulation(task.draft(), settings.ranges(), normalizes());
        if (settings.precision() == Precision.BFLOAT16) {
            network.learnNarrow();
        }
        if (settings.regularization().freezing() < 1) {
            network.watch();
        }
        this.loss = new Loss(settings.teaching(), Scores.of(graph), features);
        this.optimizers = new Steps(network.parameters(), settings.optimization());
        this.validation =
                new Validation(
                        task.validation(),
                        VALIDATED_AT_ONCE,
                        new Loss(settings.teaching(), Scores.of(graph), List.of()),
                        teacher,
                        labelled);
    }

    private boolean normalizes() {
        return switch (settings.normalization()) {
            case BATCH -> true;
            case FOLDED -> false;
            case AUTO -> settings.batch() >= LEAST_BATCH && task.samples().size() >= LEAST_SAMPLES;
        };
    }

    Outcome run() {
        EpochResult start;
        try (BatchLoader loader =
                new BatchLoader(
                        task.samples(),
                        settings.batch(),
                        settings.augmentation(),
                        settings.seed())) {
            start = begin(loader);
            long perEpoch = Math.max(1, loader.perEpoch() / settings.accumulate());
            long steps = perEpoch * settings.epochs();
            long step = resume();
            long begun = System.nanoTime();
            while (step < steps && !isFruitless()) {
                double value = step(loader, step, perEpoch, steps);
                step++;
                lossSum += value;
                listener.stepDone(step, steps, value);
                if (step % perEpoch == 0) {
                    endEpoch(perEpoch, step, steps, (System.nanoTime() - begun) / NANOS);
                    begun = System.nanoTime();
                    save(step);
                } else if ((System.nanoTime() - lastSaved) / NANOS > SECONDS_BETWEEN_CHECKPOINTS) {
                    save(step);
                }
            }
        }
        network.restore(bestState);
        return new Outcome(network.learned(), start, epochs, best);
    }

    /** How good the network is before training. */
    private EpochResult begin(BatchLoader loader) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            // lets normalization take its first statistics
            network.run(loader.get(0).inputs(), false, loss.scores().names());
        }
        Validation.Result result = validation.of(network);
        EpochResult start = EpochResult.start(result.accuracy(), result.agreement(), result.loss());
        listener.begun(start);
        bestLoss = start.heldOutLoss();
        bestState = copied(network.state());
        return start;
    }

    /** Goes on where the checkpoint is, if there is one; the answer is the step. */
    private long resume() {
        if (checkpoint.isPresent() && checkpoint.get().exists()) {
            Checkpoint.Progress progress = checkpoint.get().read(network, optimizers);
            epochs.addAll(progress.epochs());
            lossSum = progress.lossSum();
            best = progress.best();
            bestLoss = progress.bestLoss();
            bestState = progress.bestState();
            listener.resumed(progress.steps());
            return progress.steps();
        }
        return 0;
    }

    /** Whether there have been too many epochs since the best one. */
    private boolean isFruitless() {
        return settings.patience() > 0 && epochs.size() - best >= settings.patience();
    }

    private double step(BatchLoader loader, long step, long perEpoch, long steps) {
        long epoch = step / perEpoch;
        double sum = 0;
        for (int i = 0; i < settings.accumulate(); i++) {
            long number =
                    epoch * loader.perEpoch()
                            + (step % perEpoch * settings.accumulate() + i) % loader.perEpoch();
            try (PointerScope _ = new PointerScope()) {
                Tensor one = loss(loader.get(number), (double) step / steps);
                network.backward(one.div(new Scalar((double) settings.accumulate())));
                sum += one.item_double();
            }
        }
        double mean = sum / settings.accumulate();
        if (!Double.isFinite(mean)) {
            throw new NibbleException(
                    "the loss is %s at step %d; lower the learning rate, %s (--lr)"
                            .formatted(mean, step + 1, settings.optimization().learningRate()));
        }
        optimizers.step(step, steps);
        settle((double) step / steps);
        return mean;
    }

    /** Few are frozen early: the threshold falls from 1 to the wanted one. */
    private void settle(double share) {
        double wanted = settings.regularization().freezing();
        if (wanted < 1) {
            try (PointerScope _ = new PointerScope()) {
                network.settle(wanted + (1 - wanted) * (1 + Math.cos(Math.PI * share)) / 2);
            }
        }
    }

    private Tensor loss(SampleBatch batch, double share) {
        Map<String, Tensor> inputs = batch.inputs();
        List<String> wanted = new ArrayList<>(loss.scores().names());
        wanted.addAll(loss.features());
        Map<String, Tensor> made = network.run(inputs, network.isNormalizing(), wanted);
        Optional<Taught> taught = teacher.map(one -> one.teach(inputs));
        Optional<Tensor> labels = labelled ? Optional.of(batch.labels()) : Optional.empty();
        Tensor value = loss.of(made, labels, taught);
        return network.penalty(settings.regularization(), share).map(value::add).orElse(value);
    }

    private void endEpoch(long perEpoch, long step, long steps, double seconds) {
        if (network.isNormalizing()) {
            estimate();
        }
        Validation.Result result = validation.of(network);
        int epoch = epochs.size() + 1;
        boolean better = result.loss() < bestLoss;
        if (better) {
            best = epoch;
            bestLoss = result.loss();
            bestState = copied(network.state());
        }
        EpochResult told =
                new EpochResult(
                        epoch,
                        lossSum / perEpoch,
                        result.accuracy(),
                        result.agreement(),
                        result.loss(),
                        settings.optimization().learningRate()
                                * settings.optimization().share(step - 1, steps),
                        seconds);
        lossSum = 0;
        epochs.add(told);
        listener.epochDone(told, better);
    }

    /** Means and variances over samples as they are, for the weights as they are now. */
    private void estimate() {
        int count = Math.min(task.samples().size(), ESTIMATING * settings.batch());
        network.estimate(true);
        try (BatchLoader loader =
                        new BatchLoader(
                                EvenlySpaced.atMost(count, task.samples()),
                                settings.batch(),
                                Augmentation.NONE,
                                settings.seed());
                NoGradGuard _ = new NoGradGuard()) {
            for (int i = 0; i < loader.perEpoch(); i++) {
                try (PointerScope _ = new PointerScope()) {
                    network.run(loader.get(i).inputs(), true, loss.scores().names());
                }
            }
        }
        network.estimate(false);
    }

    private static Map<String, Tensor> copied(Map<String, Tensor> state) {
        Map<String, Tensor> copies = new TreeMap<>();
        state.forEach((name, tensor) -> copies.put(name, tensor.detach().clone()));
        return copies;
    }

    private void save(long step) {
        checkpoint.ifPresent(to ->
                to.write(
                        new Checkpoint.Progress(step, lossSum, epochs, best, bestLoss, bestState),
                        network,
                        optimizers));
        lastSaved = System.nanoTime();
    }

    @Override
    public void close() {
        teacher.ifPresent(Teacher::close);
        network.close();
    }
}
