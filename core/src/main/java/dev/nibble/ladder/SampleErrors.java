package dev.nibble.ladder;

import dev.nibble.math.ErrorMeasures;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.observe.Statistic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The errors of all outputs, sample by sample; for few samples.
 *
 * @param each one for each sample that has any signal, in no order that depends on theirs
 */
record SampleErrors(List<ErrorStatistic> each) implements Statistic<SampleErrors> {
    private static final Comparator<ErrorStatistic> ORDER =
            Comparator.comparingDouble(ErrorStatistic::errorSquares)
                    .thenComparingDouble(ErrorStatistic::referenceSquares)
                    .thenComparingDouble(ErrorStatistic::dot);

    static final SampleErrors NOTHING = new SampleErrors(List.of());

    SampleErrors {
        each = each.stream().sorted(ORDER).toList();
    }

    static SampleErrors of(ErrorStatistic sample) {
        return sample.referenceSquares() > 0 ? new SampleErrors(List.of(sample)) : NOTHING;
    }

    @Override
    public SampleErrors merge(SampleErrors other) {
        List<ErrorStatistic> all = new ArrayList<>(each);
        all.addAll(other.each);
        return new SampleErrors(all);
    }

    /**
     * Signal to noise in decibels: that of all samples together, or that of the middle one if it is
     * lower, since a few samples with large outputs can hide what becomes of the others. Infinite
     * where there is no signal to lose.
     */
    double sqnrDb() {
        if (each.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        double total =
                each.stream()
                        .reduce(ErrorStatistic.NOTHING, ErrorStatistic::merge)
                        .measures()
                        .sqnrDb();
        double[] sorted =
                each.stream()
                        .map(ErrorStatistic::measures)
                        .mapToDouble(ErrorMeasures::sqnrDb)
                        .sorted()
                        .toArray();
        return Math.min(total, sorted[(sorted.length - 1) / 2]);
    }
}
