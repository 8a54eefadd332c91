package dev.nibble.engine;

import dev.nibble.tensor.Tensor;

import java.util.Map;

/**
 * What a run of a network brought back. The tensors may live in memory of the engine: they are
 * valid until {@link #close}.
 */
public interface Outputs extends AutoCloseable {
    /** The fetched values by name. */
    Map<String, Tensor> tensors();

    @Override
    void close();
}
