package dev.nibble.engine;

import dev.nibble.tensor.Tensor;

import java.util.Map;
import java.util.OptionalInt;

/**
 * One example: what to feed to a network, and the right answer where it is known.
 *
 * @param name where it comes from, for messages
 * @param inputs a tensor for each fed input of the network, batch axis included, with extent 1
 * @param label index of the right class; {@link #UNLABELLED} if unknown
 */
public record Sample(String name, Map<String, Tensor> inputs, int label) {
    /** Stands for a class that nobody told. */
    public static final int UNLABELLED = -1;

    public Sample {
        inputs = Map.copyOf(inputs);
    }

    public OptionalInt knownLabel() {
        return label == UNLABELLED ? OptionalInt.empty() : OptionalInt.of(label);
    }
}
