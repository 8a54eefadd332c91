package dev.nibble.train;

import java.util.OptionalDouble;

/**
 * How an epoch went.
 *
 * @param epoch counted from 1
 * @param loss the mean over its steps
 * @param accuracy share of the samples to validate on that the network classifies rightly; empty
 *     without labels
 * @param agreement share of them with the same class as the teacher; empty without one, or without
 *     classes
 * @param score by what epochs are compared, higher is better: accuracy, or, without labels or with
 *     few samples, the negative error of the scores as a part of the power of the teacher's
 * @param learningRate at its end
 * @param seconds it took, validation included
 */
public record EpochResult(
        int epoch,
        double loss,
        OptionalDouble accuracy,
        OptionalDouble agreement,
        double score,
        double learningRate,
        double seconds) {}
