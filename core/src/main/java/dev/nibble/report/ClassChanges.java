package dev.nibble.report;

import dev.nibble.engine.Sample;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of each class: how right a network is on it beside the baseline, and which answers
 * turned into which.
 *
 * @param classes accuracy on the labelled samples of each class
 * @param turns how often an answer turned into another one, over all samples with a row of scores
 */
public record ClassChanges(Map<Integer, Accuracy> classes, Map<Turn, Count> turns)
        implements Statistic<ClassChanges> {
    /** Nothing counted. */
    public static final ClassChanges NOTHING = new ClassChanges(Map.of(), Map.of());

    public ClassChanges {
        classes = Map.copyOf(classes);
        turns = Map.copyOf(turns);
    }

    /**
     * One answer in the place of another.
     *
     * @param before class with the greatest score in the baseline; {@link Ranking#NO_CLASS} if all
     *     are NaN
     * @param after class with the greatest score in the other network
     */
    public record Turn(int before, int after) {}

    /**
     * How often.
     *
     * @param samples all of them
     * @param lost of them, those that were right before
     * @param gained of them, those that are right now
     */
    public record Count(long samples, long lost, long gained) {
        Count plus(Count other) {
            return new Count(samples + other.samples, lost + other.lost, gained + other.gained);
        }
    }

    /**
     * One class.
     *
     * @param label its place among the scores
     */
    public record Row(int label, Accuracy accuracy) {}

    /**
     * One turn.
     *
     * @param before as in {@link Turn}
     * @param after as in {@link Turn}
     */
    public record TurnRow(int before, int after, long samples, long lost, long gained) {}

    /** What one sample tells. */
    static ClassChanges of(Sample sample, @Nullable Tensor baseline, @Nullable Tensor scores) {
        if (baseline == null
                || scores == null
                || !Ranking.applies(baseline)
                || baseline.elements() != scores.elements()) {
            return NOTHING;
        }
        int label = sample.label();
        Map<Integer, Accuracy> classes =
                label == Sample.UNLABELLED
                        ? Map.of()
                        : Map.of(label, Accuracy.of(baseline, scores, label));
        int before = Ranking.top(baseline);
        int after = Ranking.top(scores);
        Map<Turn, Count> turns =
                before == after
                        ? Map.of()
                        : Map.of(
                                new Turn(before, after),
                                new Count(1, before == label ? 1 : 0, after == label ? 1 : 0));
        return new ClassChanges(classes, turns);
    }

    @Override
    public ClassChanges merge(ClassChanges other) {
        Map<Integer, Accuracy> merged = new HashMap<>(classes);
        other.classes.forEach((label, one) -> merged.merge(label, one, Accuracy::merge));
        Map<Turn, Count> turned = new HashMap<>(turns);
        other.turns.forEach((turn, one) -> turned.merge(turn, one, Count::plus));
        return new ClassChanges(merged, turned);
    }

    /** The classes in their order. */
    public List<Row> rows() {
        return classes.entrySet().stream()
                .map(entry -> new Row(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(Row::label))
                .toList();
    }

    /**
     * The turns, the most frequent first; of equals that with the lower classes.
     *
     * @param most more are left out
     */
    public List<TurnRow> mostFrequentTurns(int most) {
        return turns.entrySet().stream()
                .map(entry -> {
                    Count count = entry.getValue();
                    return new TurnRow(
                            entry.getKey().before(),
                            entry.getKey().after(),
                            count.samples(),
                            count.lost(),
                            count.gained());
                })
                .sorted(
                        Comparator.comparingLong(TurnRow::samples)
                                .reversed()
                                .thenComparingInt(TurnRow::before)
                                .thenComparingInt(TurnRow::after))
                .limit(most)
                .toList();
    }
}
