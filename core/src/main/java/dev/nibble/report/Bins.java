package dev.nibble.report;

import dev.nibble.observe.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the numbers of a tensor are spread, coarse enough to be drawn: counts of bins of one width.
 *
 * @param start lower end of the first bin
 * @param width of every bin
 * @param counts how many numbers fell in each bin, from the least number to the greatest
 */
public record Bins(double start, double width, List<Long> counts) {
    /** More would not be told apart on a screen. */
    private static final int MOST = 64;

    public Bins {
        counts = List.copyOf(counts);
    }

    /** A histogram with neighbouring bins taken together; empty if no finite number was seen. */
    static Optional<Bins> of(Histogram histogram) {
        if (histogram.isEmpty()) {
            return Optional.empty();
        }
        int together = Math.ceilDiv(histogram.bins(), MOST);
        List<Long> counts = new ArrayList<>();
        for (int from = 0; from < histogram.bins(); from += together) {
            long sum = 0;
            for (int i = from; i < Math.min(from + together, histogram.bins()); i++) {
                sum += histogram.count(i);
            }
            counts.add(sum);
        }
        return Optional.of(
                new Bins(
                        Math.scalb((double) histogram.firstBin(), histogram.exponent()),
                        Math.scalb((double) together, histogram.exponent()),
                        counts));
    }
}
