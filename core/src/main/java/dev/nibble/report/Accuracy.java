package dev.nibble.report;

import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import java.util.OptionalDouble;

/**
 * How often a network names the right class, alone and beside a baseline on the same samples.
 *
 * @param labelled samples with a known class and a row of scores
 * @param top1 of them, those whose class has the greatest score
 * @param top5 of them, those whose class is among the five greatest scores
 * @param gained of them, those that this network gets right and the baseline does not
 * @param lost of them, those that the baseline gets right and this network does not
 */
public record Accuracy(long labelled, long top1, long top5, long gained, long lost)
        implements Statistic<Accuracy> {
    /** Nothing counted. */
    public static final Accuracy NOTHING = new Accuracy(0, 0, 0, 0, 0);

    private static final int FIVE = 5;

    /** The accuracy on one sample. */
    public static Accuracy of(Tensor baseline, Tensor scores, int label) {
        int rank = Ranking.rank(scores, label);
        boolean right = rank == 0;
        boolean baselineRight = Ranking.rank(baseline, label) == 0;
        return new Accuracy(
                1,
                right ? 1 : 0,
                rank < FIVE ? 1 : 0,
                right && !baselineRight ? 1 : 0,
                baselineRight && !right ? 1 : 0);
    }

    @Override
    public Accuracy merge(Accuracy other) {
        return new Accuracy(
                labelled + other.labelled,
                top1 + other.top1,
                top5 + other.top5,
                gained + other.gained,
                lost + other.lost);
    }

    /** The share of labelled samples whose class has the greatest score; empty without labels. */
    public OptionalDouble top1Share() {
        return share(top1);
    }

    /** The same of the baseline. */
    public OptionalDouble baselineTop1Share() {
        return share(top1 - gained + lost);
    }

    /**
     * Whether there are samples enough for {@link #probabilityOfChance} to tell a difference at
     * all: with five that only one network gets right it is 0.0625 at best.
     */
    public boolean canTell() {
        return gained + lost > FIVE;
    }

    /** The share of labelled samples whose class is among the best five; empty without labels. */
    public OptionalDouble top5Share() {
        return share(top5);
    }

    /** Top-1 minus that of the baseline, as a fraction; empty without labels. */
    public OptionalDouble difference() {
        return share(gained - lost);
    }

    /**
     * The standard error of {@link #difference}, taken over pairs: each sample adds +1, 0 or −1, so
     * the samples on which both agree cost no certainty.
     *
     * <p>{@code sqrt((gained + lost − (gained − lost)² / n) / (n · (n − 1)))}; empty with fewer
     * than two labelled samples.
     */
    public OptionalDouble standardError() {
        if (labelled < 2) {
            return OptionalDouble.empty();
        }
        double n = labelled;
        double sum = gained - lost;
        return OptionalDouble.of(Math.sqrt((gained + lost - sum * sum / n) / (n * (n - 1))));
    }

    /**
     * How likely a difference as large or larger would be if neither network were better: the exact
     * test of McNemar, two-sided, a binomial test of the samples that only one gets right. 1 where
     * both get the same ones right; empty without labels.
     */
    public OptionalDouble probabilityOfChance() {
        if (labelled == 0) {
            return OptionalDouble.empty();
        }
        long trials = gained + lost;
        double log = -trials * Math.log(2);
        double tail = 0;
        for (long k = 0; k <= Math.min(gained, lost); k++) {
            tail += Math.exp(log);
            log += Math.log((double) (trials - k) / (k + 1));
        }
        return OptionalDouble.of(Math.min(1, 2 * tail));
    }

    private OptionalDouble share(long count) {
        return labelled == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) count / labelled);
    }
}
