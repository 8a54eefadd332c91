package dev.nibble.report;

import dev.nibble.observe.ErrorStatistic;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How far the outputs of one network are from those of another on the same samples.
 *
 * @param errors for each floating-point output, by name, on the samples on which both have as many
 *     elements
 * @param agreeing samples for which both have their greatest score at the same place of the first
 *     output
 * @param ranked samples for which the first output is a row of scores
 * @param samples samples compared
 */
public record OutputComparison(
        Map<String, ErrorStatistic> errors, long agreeing, long ranked, long samples)
        implements Statistic<OutputComparison> {
    /** Nothing compared. */
    public static final OutputComparison NOTHING = new OutputComparison(Map.of(), 0, 0, 0);

    public OutputComparison {
        errors = Map.copyOf(errors);
    }

    /**
     * Compares the outputs for one sample.
     *
     * @param first name of the first output, the one whose scores are ranked
     */
    public static OutputComparison of(
            String first, Map<String, Tensor> reference, Map<String, Tensor> actual) {
        Map<String, ErrorStatistic> errors = new TreeMap<>();
        reference.forEach((name, tensor) -> {
            Tensor other = actual.get(name);
            // a list of detections may have another length; a soundness check counts such samples
            if (tensor.isFloatingPoint()
                    && other != null
                    && tensor.elements() == other.elements()) {
                errors.put(name, ErrorStatistic.of(tensor, other));
            }
        });
        Tensor scores = reference.get(first);
        Tensor others = actual.get(first);
        if (scores == null || others == null || !Ranking.applies(scores)) {
            return new OutputComparison(errors, 0, 0, 1);
        }
        int top = Ranking.top(scores);
        boolean agree = top != Ranking.NO_CLASS && top == Ranking.top(others);
        return new OutputComparison(errors, agree ? 1 : 0, 1, 1);
    }

    @Override
    public OutputComparison merge(OutputComparison other) {
        Map<String, ErrorStatistic> merged = new TreeMap<>(errors);
        other.errors.forEach((name, error) -> merged.merge(name, error, ErrorStatistic::merge));
        return new OutputComparison(
                merged, agreeing + other.agreeing, ranked + other.ranked, samples + other.samples);
    }

    /**
     * The share of samples with the same top class; empty if the first output is no row of scores.
     */
    public OptionalDouble agreement() {
        return ranked == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) agreeing / ranked);
    }

    /** All floating-point outputs taken together. */
    public ErrorStatistic total() {
        return errors.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .reduce(ErrorStatistic.NOTHING, ErrorStatistic::merge);
    }

    /**
     * Signal to noise over all floating-point outputs, in decibels; NaN if nothing was compared.
     */
    public double sqnrDb() {
        return total().measures().sqnrDb();
    }
}
