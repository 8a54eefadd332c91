package dev.nibble.report;

import java.util.List;
import java.util.Optional;

/**
 * How one value, and all that share its encoding, is quantized.
 *
 * @param value the name
 * @param sharedWith names of the values that have the same encoding
 * @param kind {@code weight} or {@code activation}
 * @param format scheme of the codes, as in {@code uint8 asymmetric per tensor}
 * @param range how the range was chosen, as in {@code mse range 0.0..5.9 of 0.0..6.0}
 * @param min lowest real number with a code, the least of all groups that have a scale
 * @param max highest real number with a code, the greatest of all groups that have a scale
 * @param clippedShare share of the observed values outside the range, 0 to 1; NaN for weights
 * @param sqnrDb signal to noise in decibels of this rounding alone: for weights measured against
 *     the float ones, for activations expected of what was observed; NaN if that is not known
 * @param grid the numbers that have a code
 * @param histogram of the float weights, or of what was observed; empty where nothing was, or where
 *     the weights are larger than memory
 */
public record ValueRow(
        String value,
        List<String> sharedWith,
        String kind,
        String format,
        String range,
        float min,
        float max,
        double clippedShare,
        double sqnrDb,
        CodeGrid grid,
        Optional<Bins> histogram) {
    public ValueRow {
        sharedWith = List.copyOf(sharedWith);
    }
}
