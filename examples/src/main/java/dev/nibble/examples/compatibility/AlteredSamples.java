package dev.nibble.examples.compatibility;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.Map;

/**
 * Samples whose tensors are replaced by others of the same type and shape.
 *
 * @param kind what they are then
 */
record AlteredSamples(Samples samples, String kind, Replacement replacement) implements Samples {
    /** Makes the tensor that takes the place of another. */
    interface Replacement {
        Tensor of(int sample, Tensor made);
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public Sample get(int index) {
        Sample made = samples.get(index);
        Map<String, Tensor> inputs = new HashMap<>();
        made.inputs().forEach((name, tensor) -> inputs.put(name, replacement.of(index, tensor)));
        return new Sample(kind + " " + index, inputs, Sample.UNLABELLED);
    }

    @Override
    public boolean labelled() {
        return false;
    }

    @Override
    public String description() {
        return size() + " samples of " + kind;
    }
}
