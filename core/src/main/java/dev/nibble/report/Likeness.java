package dev.nibble.report;

import dev.nibble.engine.Measurement;
import dev.nibble.engine.Sample;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * How near the outputs of a network are to those of another.
 *
 * @param error over all floating-point outputs, where both are finite
 * @param notFinite elements that are NaN or infinite where the other network's are not
 * @param agreeing samples with the greatest score of the first output at the same place
 * @param ranked samples for which the first output is a row of scores
 */
record Likeness(ErrorStatistic error, long notFinite, long agreeing, long ranked)
        implements Statistic<Likeness> {
    static final Likeness NOTHING = new Likeness(ErrorStatistic.NOTHING, 0, 0, 0);

    @Override
    public Likeness merge(Likeness other) {
        return new Likeness(
                error.merge(other.error),
                notFinite + other.notFinite,
                agreeing + other.agreeing,
                ranked + other.ranked);
    }

    /** The share of samples with the same top class; NaN where there are no classes. */
    double agreement() {
        return ranked == 0 ? Double.NaN : (double) agreeing / ranked;
    }

    double sqnrDb() {
        return error.measures().sqnrDb();
    }

    /** Noise power over signal power. */
    double noise() {
        return error.errorSquares() == 0 ? 0 : error.errorSquares() / error.referenceSquares();
    }

    /** One for each of several networks. */
    record All(List<Likeness> each) implements Statistic<All> {
        All {
            each = List.copyOf(each);
        }

        @Override
        public All merge(All other) {
            List<Likeness> merged = new ArrayList<>();
            for (int i = 0; i < each.size(); i++) {
                merged.add(each.get(i).merge(other.each.get(i)));
            }
            return new All(merged);
        }
    }

    /**
     * Lays networks beside the first one.
     *
     * @param outputs what each of the others calls the outputs of the first, whose first output is
     *     the one that is ranked
     */
    record Measuring(List<Map<String, String>> outputs) implements Measurement<All> {
        @Override
        public All nothing() {
            return new All(Collections.nCopies(outputs.size(), NOTHING));
        }

        @Override
        public All measure(Sample sample, List<Map<String, Tensor>> tensors) {
            List<Likeness> each = new ArrayList<>();
            for (int i = 0; i < outputs.size(); i++) {
                each.add(of(tensors.getFirst(), tensors.get(i + 1), outputs.get(i)));
            }
            return new All(each);
        }

        private static Likeness of(
                Map<String, Tensor> reference,
                Map<String, Tensor> actual,
                Map<String, String> names) {
            Likeness all = NOTHING;
            boolean first = true;
            for (Map.Entry<String, String> pair : names.entrySet()) {
                Tensor expected = reference.get(pair.getKey());
                Tensor given = actual.get(pair.getValue());
                if (expected != null && given != null) {
                    all = all.merge(of(expected, given, first));
                }
                first = false;
            }
            return all;
        }

        private static Likeness of(Tensor expected, Tensor given, boolean first) {
            OutputCheck check = OutputCheck.of(expected, given);
            boolean ranked = first && check.reshaped() == 0 && Ranking.applies(expected);
            int top = ranked ? Ranking.top(expected) : Ranking.NO_CLASS;
            boolean agree = top != Ranking.NO_CLASS && top == Ranking.top(given);
            return new Likeness(check.error(), check.notFinite(), agree ? 1 : 0, ranked ? 1 : 0);
        }
    }
}
