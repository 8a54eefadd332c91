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
 * @param errors for each floating-point output, by name
 * @param agreeing samples for which both have their greatest score at the same place of the first output
 * @param ranked samples for which the first output is a row of scores
 * @param samples samples compared
 */
public record OutputComparison(Map<String, ErrorStatistic> errors, long agreeing, long ranked, long samples)
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
    public static OutputComparison of(String first, Map<String, Tensor> reference, Map<String, Tensor> actual) {
        Map<String, ErrorStatistic> errors = new TreeMap<>();
        reference.forEach((name, tensor) -> {
            if (tensor.isFloatingPoint() && actual.containsKey(name)) {
                errors.put(name, ErrorStatistic.of(tensor, actual.get(name)));
            }
        });
        Tensor scores = reference.get(first);
        boolean ranked = scores != null && Ranking.applies(scores) && actual.containsKey(first);
        boolean agree = ranked && Ranking.top(scores) == Ranking.top(actual.get(first));
        return new OutputComparison(errors, agree ? 1 : 0, ranked ? 1 : 0, 1);
    }

    @Override
    public OutputComparison merge(OutputComparison other) {
        Map<String, ErrorStatistic> merged = new TreeMap<>(errors);
        other.errors.forEach((name, error) -> merged.merge(name, error, ErrorStatistic::merge));
        return new OutputComparison(
                merged, agreeing + other.agreeing, ranked + other.ranked, samples + other.samples);
    }

    /** The share of samples with the same top class; empty if the first output is no row of scores. */
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
}
