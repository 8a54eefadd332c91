package dev.nibble.task;

import dev.nibble.math.Bootstrap;
import dev.nibble.task.TaskScores.Row;

import java.util.List;

/**
 * A few quantities over all samples.
 *
 * @param greatestShare the largest error of a quantity over the range that it has in the baseline;
 *     NaN if it has none
 * @param greatest the largest error
 * @param determination R²: 1 − Σ (b − m)² / Σ (b − mean of b)², each quantity about its own mean
 */
record Quantities(double greatestShare, double greatest, double determination) {
    /** Looks at the numbers of all samples. */
    static Quantities of(List<Row> rows) {
        double greatestShare = Double.NaN;
        double greatest = 0;
        double errors = 0;
        double spread = 0;
        for (int at = 0; at < rows.getFirst().baseline().size(); at++) {
            int place = at;
            double[] one = column(rows.stream().map(Row::baseline).toList(), place);
            double[] two = column(rows.stream().map(Row::other).toList(), place);
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            double sum = 0;
            double worst = 0;
            for (int i = 0; i < one.length; i++) {
                low = Math.min(low, one[i]);
                high = Math.max(high, one[i]);
                sum += one[i];
                worst = Math.max(worst, Math.abs(one[i] - two[i]));
                errors += (one[i] - two[i]) * (one[i] - two[i]);
            }
            for (double value : one) {
                spread += (value - sum / one.length) * (value - sum / one.length);
            }
            greatest = Math.max(greatest, worst);
            if (high > low) {
                double share = worst / (high - low);
                greatestShare =
                        Double.isNaN(greatestShare) ? share : Math.max(greatestShare, share);
            }
        }
        return new Quantities(
                greatestShare, greatest, spread == 0 ? Double.NaN : 1 - errors / spread);
    }

    private static double[] column(List<List<Float>> rows, int place) {
        return rows.stream()
                .filter(row -> row.size() > place)
                .mapToDouble(row -> row.get(place))
                .toArray();
    }

    /** The figures, with the mean error of a sample. */
    List<TaskMeasure> measures(Bootstrap meanError) {
        return List.of(
                TaskMeasure.of("meanAbsoluteError", meanError),
                TaskMeasure.of("maxError", greatest),
                TaskMeasure.of("maxErrorOfRange", greatestShare),
                TaskMeasure.of("r2", determination));
    }
}
