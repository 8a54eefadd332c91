package dev.nibble.engine;

import dev.nibble.tensor.Tensor;

import java.util.Map;

/** A network that is loaded and ready to run. May be used from several threads at once. */
public interface Session extends AutoCloseable {
    /**
     * Runs the network once.
     *
     * @throws dev.nibble.error.NibbleException if the inputs do not fit the network or the engine
     *     fails; the message names the input, what it expects and what was given
     */
    Outputs run(Map<String, Tensor> inputs);

    @Override
    void close();
}
