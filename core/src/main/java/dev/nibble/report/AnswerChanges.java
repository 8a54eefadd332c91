package dev.nibble.report;

import dev.nibble.engine.Sample;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Samples to which two networks give different answers: their greatest scores are at different
 * places.
 *
 * @param compared samples for which both have a row of scores
 * @param count those with different answers
 * @param first the first of these, in the order of the samples
 */
public record AnswerChanges(long compared, long count, List<Change> first)
        implements Statistic<AnswerChanges> {
    /** Nothing compared. */
    public static final AnswerChanges NOTHING = new AnswerChanges(0, 0, List.of());

    /** More are not looked at one by one. */
    private static final int MOST = 24;

    public AnswerChanges {
        first = List.copyOf(first);
    }

    /**
     * A sample with another answer.
     *
     * @param sample its name
     * @param before class with the greatest score in the baseline; {@link Ranking#NO_CLASS} if all
     *     are NaN
     * @param after class with the greatest score in the other network
     * @param label the right class; {@link Sample#UNLABELLED} if unknown
     */
    public record Change(String sample, int before, int after, int label) {
        /** The right class, if it is known. */
        public OptionalInt knownLabel() {
            return label == Sample.UNLABELLED ? OptionalInt.empty() : OptionalInt.of(label);
        }
    }

    /** What one sample tells. */
    static AnswerChanges of(Sample sample, @Nullable Tensor baseline, @Nullable Tensor scores) {
        if (baseline == null || scores == null || !Ranking.applies(baseline)) {
            return NOTHING;
        }
        int before = Ranking.top(baseline);
        int after = Ranking.top(scores);
        return before == after
                ? new AnswerChanges(1, 0, List.of())
                : new AnswerChanges(
                        1, 1, List.of(new Change(sample.name(), before, after, sample.label())));
    }

    @Override
    public AnswerChanges merge(AnswerChanges other) {
        return new AnswerChanges(
                compared + other.compared,
                count + other.count,
                Stream.concat(first.stream(), other.first.stream()).limit(MOST).toList());
    }
}
