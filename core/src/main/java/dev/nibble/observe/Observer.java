package dev.nibble.observe;

import dev.nibble.tensor.Tensor;

/**
 * How to summarize a tensor: settings, no state.
 *
 * <p>Law: observing two tensors and merging equals observing their elements together.
 */
public interface Observer<S extends Statistic<S>> {
    /** The summary of no values at all, neutral in {@link Statistic#merge}. */
    S nothing();

    S observe(Tensor values);
}
