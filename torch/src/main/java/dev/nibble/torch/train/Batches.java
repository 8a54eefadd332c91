package dev.nibble.torch.train;

/**
 * Where training samples come from: one batch for each step, the same one whenever it is asked for.
 */
@FunctionalInterface
public interface Batches {
    /** The batch of a step, counted from 0. */
    Batch at(int step);
}
