package dev.nibble.torch.finetune;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.torch.finetune.Loss.Taught;
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
    private final Samples samples;
    private final int batch;
    private final Loss loss;
    private final Optional<Teacher> teacher;
    private final boolean labelled;

    /** What the teacher says of each batch, by its first sample, once it was asked. */
    private final Map<Integer, List<dev.nibble.tensor.Tensor>> taught = new HashMap<>();

    /**
     * How good a network is.
     *
     * @param loss lower is better; accuracy moves in steps too coarse to choose by
     */
    record Result(OptionalDouble accuracy, OptionalDouble agreement, double loss) {}

    /**
     * A judge.
     *
     * @param loss what is learned from, without features
     * @param labelled whether labels count
     */
    Validation(Samples samples, int batch, Loss loss, Optional<Teacher> teacher, boolean labelled) {
        this.samples = samples;
        this.batch = Math.min(batch, samples.size());
        this.loss = loss;
        this.teacher = teacher;
        this.labelled = labelled && samples.labelled();
    }

    Result of(Simulation network) {
        int right = 0;
        int agreeing = 0;
        double sum = 0;
        boolean classes = true;
        try (NoGradGuard _ = new NoGradGuard()) {
            for (int first = 0; first < samples.size(); first += batch) {
                try (PointerScope _ = new PointerScope()) {
                    SampleBatch some = load(first, Math.min(batch, samples.size() - first));
                    Map<String, Tensor> inputs = some.inputs();
                    Map<String, Tensor> made = network.run(inputs, false, loss.scores().names());
                    Optional<Taught> should = taught(first, inputs);
                    Optional<Tensor> labels =
                            labelled ? Optional.of(some.labels()) : Optional.empty();
                    sum += loss.of(made, labels, should).item_double() * some.size();
                    Tensor own = Loss.value(made, loss.scores().names().getFirst());
                    classes &= Scores.areClasses(own);
                    if (classes) {
                        int[] found = classes(own);
                        int[] same = should.map(t -> classes(t.scores().getFirst())).orElse(found);
                        for (int i = 0; i < found.length; i++) {
                            right += found[i] == some.samples().get(i).label() ? 1 : 0;
                            agreeing += found[i] == same[i] ? 1 : 0;
                        }
                    }
                }
            }
        }
        return result(classes, right, agreeing, sum);
    }

    private Result result(boolean classes, int right, int agreeing, double sum) {
        double count = samples.size();
        OptionalDouble accuracy =
                classes && samples.labelled()
                        ? OptionalDouble.of(right / count)
                        : OptionalDouble.empty();
        OptionalDouble agreement =
                classes && teacher.isPresent()
                        ? OptionalDouble.of(agreeing / count)
                        : OptionalDouble.empty();
        return new Result(accuracy, agreement, sum / count);
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

    private Optional<Taught> taught(int first, Map<String, Tensor> inputs) {
        return teacher.map(one ->
                new Taught(
                        taught
                                .computeIfAbsent(
                                        first,
                                        _ ->
                                                one.teach(inputs).scores().stream()
                                                        .map(TorchTensors::fromTorch)
                                                        .toList())
                                .stream()
                                .map(TorchTensors::toTorch)
                                .toList(),
                        Map.of()));
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
