package dev.nibble.torch.finetune;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.torch.finetune.Loss.Taught;
import dev.nibble.torch.simulate.Simulation;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Says how good a network is, on samples that it does not learn from. */
final class Validation {
    private static final int UNKNOWN = -1;

    private final Samples samples;
    private final int batch;
    private final Scores scores;
    private final Optional<Teacher> teacher;

    /** What the teacher says of each sample, once it was asked. */
    private final int[] taughtClasses;

    /**
     * How good a network is.
     *
     * @param score higher is better: accuracy, agreement, or the negative relative error
     */
    record Result(OptionalDouble accuracy, OptionalDouble agreement, double score) {}

    Validation(Samples samples, int batch, Scores scores, Optional<Teacher> teacher) {
        this.samples = samples;
        this.batch = Math.min(batch, samples.size());
        this.scores = scores;
        this.teacher = teacher;
        this.taughtClasses = new int[samples.size()];
        Arrays.fill(taughtClasses, UNKNOWN);
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
                    if (classes) {
                        int[] found = classes(own);
                        int[] taught = taught(first, some, inputs);
                        for (int i = 0; i < found.length; i++) {
                            right += found[i] == some.samples().get(i).label() ? 1 : 0;
                            agreeing += found[i] == taught[i] ? 1 : 0;
                        }
                    } else if (teacher.isPresent()) {
                        Taught should = teacher.get().teach(inputs);
                        error +=
                                Loss.relativeError(own, should.scores().getFirst()).item_double()
                                        * some.size();
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
        double score = accuracy.orElseGet(() -> agreement.orElse(-error / count));
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

    private int[] taught(int first, SampleBatch some, Map<String, Tensor> inputs) {
        if (teacher.isPresent() && taughtClasses[first] == UNKNOWN) {
            int[] classes = classes(teacher.get().teach(inputs).scores().getFirst());
            System.arraycopy(classes, 0, taughtClasses, first, some.size());
        }
        return Arrays.copyOfRange(taughtClasses, first, first + some.size());
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
