package dev.nibble.report;

import dev.nibble.engine.Measurement;
import dev.nibble.engine.Sample;
import dev.nibble.error.NibbleException;
import dev.nibble.tensor.Tensor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Scores every network on a sample, the first being the baseline.
 *
 * @param pairs for each network, the baseline included, its outputs beside those of the baseline
 */
record Scoring(List<OutputPairs> pairs) implements Measurement<Scores> {
    @Override
    public Scores nothing() {
        return Scores.nothing(pairs.size());
    }

    @Override
    public Scores measure(Sample sample, List<Map<String, Tensor>> outputs) {
        Map<String, Tensor> reference = outputs.getFirst();
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            OutputPairs pair = pairs.get(i);
            scores.add(
                    score(
                            sample,
                            pair,
                            reference,
                            pair.align(sample.name(), reference, outputs.get(i))));
        }
        return new Scores(scores);
    }

    private static Score score(
            Sample sample,
            OutputPairs pair,
            Map<String, Tensor> reference,
            Map<String, Tensor> actual) {
        String first = pair.first();
        return new Score(
                OutputComparison.of(first, reference, actual),
                accuracy(sample, pair.file(), output(reference, first), output(actual, first)),
                actual.values().stream().anyMatch(Scoring::holdsNaN) ? 1 : 0);
    }

    private static Accuracy accuracy(Sample sample, Path file, Tensor reference, Tensor scores) {
        int label = sample.label();
        if (label == Sample.UNLABELLED || !Ranking.applies(scores)) {
            return Accuracy.NOTHING;
        }
        if (label < 0 || label >= scores.elements()) {
            throw new NibbleException(
                    "%s has label %d, but %s has %d classes (0..%d); give the labels of the classes that it was trained on"
                            .formatted(
                                    sample.name(),
                                    label,
                                    file,
                                    scores.elements(),
                                    scores.elements() - 1));
        }
        return Accuracy.of(reference, scores, label);
    }

    private static Tensor output(Map<String, Tensor> outputs, String name) {
        return Objects.requireNonNull(outputs.get(name), name);
    }

    private static boolean holdsNaN(Tensor tensor) {
        if (!tensor.isFloatingPoint()) {
            return false;
        }
        for (float value : tensor.floats()) {
            if (Float.isNaN(value)) {
                return true;
            }
        }
        return false;
    }
}
