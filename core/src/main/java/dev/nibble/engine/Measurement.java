package dev.nibble.engine;

import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;

/**
 * What to learn from one sample and what the networks made of it. Called from several threads at
 * once.
 */
public interface Measurement<S extends Statistic<S>> {
    /** The neutral summary. */
    S nothing();

    /**
     * The summary of one sample.
     *
     * @param outputs for each probe, in order, the fetched values by name; valid only during the
     *     call
     */
    S measure(Sample sample, List<Map<String, Tensor>> outputs);
}
