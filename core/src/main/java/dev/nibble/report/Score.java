package dev.nibble.report;

import dev.nibble.observe.Statistic;

/**
 * What one pass over the samples tells about a network beside the baseline.
 *
 * @param comparison its outputs against those of the baseline
 * @param accuracy its answers against the labels
 * @param withNaN samples for which one of its outputs held NaN
 */
public record Score(OutputComparison comparison, Accuracy accuracy, long withNaN)
        implements Statistic<Score> {
    /** Nothing scored. */
    public static final Score NOTHING = new Score(OutputComparison.NOTHING, Accuracy.NOTHING, 0);

    @Override
    public Score merge(Score other) {
        return new Score(
                comparison.merge(other.comparison),
                accuracy.merge(other.accuracy),
                withNaN + other.withNaN);
    }
}
