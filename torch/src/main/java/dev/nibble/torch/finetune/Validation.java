package dev.nibble.torch.finetune;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.torch.operator.TorchTensors;
import dev.nibble.torch.simulate.Simulation;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Says how good a network is, on samples that it does not learn from. */
final class Validation {
    /** With fewer samples accuracy moves in steps too coarse to choose by. */
    private static final int FEW = 500;

    private final Samples samples;
    private final int batch;
    private final Scores scores;
    private final Optional<Teacher> teacher;

    private final boolean labelled;

    /** What the teacher says of each batch, by its first sample, once it was asked. */
    private final Map<Integer, dev.nibble.tensor.Tensor> taught = new HashMap<>();

    /**
     * How good a network is.
     *
     * @param score higher is better: accuracy, if it is told by enough samples, or else the
     *     negative error beside the teacher's scores
     */
    record Result(OptionalDouble accuracy, OptionalDouble agreement, double score) {}

    /**
     * A judge.
     *
     * @param labelled whether labels count
     */
    Validation(
            Samples samples,
            int batch,
            Scores scores,
            Optional<Teacher> teacher,
            boolean labelled) {
        this.samples = samples;
        this.batch = Math.min(batch, samples.size());
        this.scores = scores;
        this.teacher = teacher;
        this.labelled = labelled && samples.labelled();
    }

    Result of(Simulation network) {
        int right = 0;
        int agreeing = 0;
        double error = 0;
        boolean classes = true;
        try (NoGradGuard _ = new NoGradGuard()) {
            for (int first = 0; first < samples.size(); first += batch) {
                try (PointerScope _ = new PointerScope()) {
                    SampleBatch some = load(first, Math.min(batch, samples.size() - first));
                    Map<String, Tensor> inputs = some.inputs();
                    Map<String, Tensor> made = network.run(inputs, false, scores.names());
                    Tensor own = Loss.value(made, scores.names().getFirst());
                    classes &= Scores.areClasses(own);
                    Optional<Tensor> should = taught(first, inputs);
                    if (classes) {
                        int[] found = classes(own);
                        int[] same = should.map(Validation::classes).orElse(found);
                        for (int i = 0; i < found.length; i++) {
                            right += found[i] == some.samples().get(i).label() ? 1 : 0;
                            agreeing += found[i] == same[i] ? 1 : 0;
                        }
                    }
                    if (should.isPresent()) {
                        error += Loss.relativeError(own, should.get()).item_double() * some.size();
                    }
                }
            }
        }
        return result(classes, right, agreeing, error);
    }

    private Result result(boolean classes, int right, int agreeing, double error) {
        double count = samples.size();
        OptionalDouble accuracy =
                classes && samples.labelled()
                        ? OptionalDouble.of(right / count)
                        : OptionalDouble.empty();
        OptionalDouble agreement =
                classes && teacher.isPresent()
                        ? OptionalDouble.of(agreeing / count)
                        : OptionalDouble.empty();
        boolean byAccuracy =
                accuracy.isPresent() && (teacher.isEmpty() || (labelled && count >= FEW));
        double score = byAccuracy ? accuracy.getAsDouble() : -error / count;
        return new Result(accuracy, agreement, score);
    }

    private SampleBatch load(int first, int count) {
        List<Integer> indices = new ArrayList<>();
        List<Sample> loaded = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            indices.add(i);
            loaded.add(samples.get(i));
        }
        return new SampleBatch(indices, loaded);
    }

    private Optional<Tensor> taught(int first, Map<String, Tensor> inputs) {
        return teacher.map(one ->
                TorchTensors.toTorch(
                        taught.computeIfAbsent(
                                first,
                                _ ->
                                        TorchTensors.fromTorch(
                                                one.teach(inputs).scores().getFirst()))));
    }

    private static int[] classes(Tensor scores) {
        Tensor best = torch.argmax(Scores.rows(scores), new LongOptional(1), false);
        int[] classes = new int[(int) best.size(0)];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (int) best.get(i).item_long();
        }
        return classes;
    }
}
