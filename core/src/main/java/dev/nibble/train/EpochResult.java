package dev.nibble.train;

import java.util.OptionalDouble;

/**
 * How an epoch went.
 *
 * @param epoch counted from 1; 0 for the network before training
 * @param loss the mean over its steps; NaN where there were none
 * @param accuracy share of the samples to validate on that the network classifies rightly; empty
 *     without labels
 * @param agreement share of them with the same class as the teacher; empty without one, or without
 *     classes
 * @param heldOutLoss by what epochs are compared, lower is better: the loss on the samples to
 *     validate on, without features
 * @param learningRate at its end
 * @param seconds it took, validation included
 */
public record EpochResult(
        int epoch,
        double loss,
        OptionalDouble accuracy,
        OptionalDouble agreement,
        double heldOutLoss,
        double learningRate,
        double seconds) {
    /** How a network was before training. */
    public static EpochResult start(
            OptionalDouble accuracy, OptionalDouble agreement, double heldOutLoss) {
        return new EpochResult(0, Double.NaN, accuracy, agreement, heldOutLoss, Double.NaN, 0);
    }
}
