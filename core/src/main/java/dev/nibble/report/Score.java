package dev.nibble.report;

import dev.nibble.engine.Sample;
import dev.nibble.error.NibbleException;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * What one pass over the samples tells about a network beside the baseline.
 *
 * @param comparison its outputs against those of the baseline
 * @param accuracy its answers against the labels
 * @param withNaN samples for which one of its outputs held NaN
 * @param reshaped samples for which one of its outputs had another shape than the baseline's, as
 *     lists of detections may; nothing but NaN is looked for in these
 * @param changes samples to which it gives another answer
 */
public record Score(
        OutputComparison comparison,
        Accuracy accuracy,
        long withNaN,
        long reshaped,
        AnswerChanges changes)
        implements Statistic<Score> {
    /** Nothing scored. */
    public static final Score NOTHING = new Score(OutputComparison.NOTHING, Accuracy.NOTHING, 0);

    /** A score of which it is not known which answers changed. */
    public Score(OutputComparison comparison, Accuracy accuracy, long withNaN) {
        this(comparison, accuracy, withNaN, 0, AnswerChanges.NOTHING);
    }

    @Override
    public Score merge(Score other) {
        return new Score(
                comparison.merge(other.comparison),
                accuracy.merge(other.accuracy),
                withNaN + other.withNaN,
                reshaped + other.reshaped,
                changes.merge(other.changes));
    }

    /**
     * Scores the outputs of one network on a sample.
     *
     * @param network what messages call it
     * @param first name of the output whose scores are ranked
     * @param reference outputs of the baseline
     */
    public static Score of(
            Sample sample,
            String network,
            String first,
            Map<String, Tensor> reference,
            Map<String, Tensor> actual) {
        Map<String, Tensor> alike = new HashMap<>(actual);
        alike.entrySet().removeIf(output -> reshaped(reference.get(output.getKey()), output));
        return new Score(
                OutputComparison.of(first, reference, alike),
                accuracy(sample, network, reference.get(first), alike.get(first)),
                actual.values().stream().anyMatch(Score::holdsNaN) ? 1 : 0,
                alike.size() < actual.size() ? 1 : 0,
                AnswerChanges.of(sample, reference.get(first), alike.get(first)));
    }

    private static boolean reshaped(@Nullable Tensor reference, Map.Entry<String, Tensor> output) {
        return reference != null && !reference.shape().equals(output.getValue().shape());
    }

    private static Accuracy accuracy(
            Sample sample, String network, @Nullable Tensor reference, @Nullable Tensor scores) {
        int label = sample.label();
        if (label == Sample.UNLABELLED
                || reference == null
                || scores == null
                || !Ranking.applies(scores)) {
            return Accuracy.NOTHING;
        }
        if (label < 0 || label >= scores.elements()) {
            throw new NibbleException(
                    "%s has label %d, but %s has %d classes (0..%d); give the labels of the classes that it was trained on"
                            .formatted(
                                    sample.name(),
                                    label,
                                    network,
                                    scores.elements(),
                                    scores.elements() - 1));
        }
        return Accuracy.of(reference, scores, label);
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
