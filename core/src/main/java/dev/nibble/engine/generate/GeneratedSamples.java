package dev.nibble.engine.generate;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Made-up inputs of fixed shapes.
 *
 * @param inputs what each input is filled with, in the order of the network
 * @param size how many samples
 * @param seed decides the numbers
 */
record GeneratedSamples(List<Filling> inputs, int size, long seed) implements Samples {
    private static final long STRIDE = 1_000_003;

    /** Keeps the random numbers of neighbouring samples apart. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    GeneratedSamples {
        inputs = List.copyOf(inputs);
    }

    /** What one input is filled with. */
    record Filling(String input, DataType type, Shape shape, InputValues values) {}

    @Override
    public Sample get(int index) {
        Objects.checkIndex(index, size);
        RandomGenerator random = new Random((seed * STRIDE + index) * GOLDEN);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Filling filling : inputs) {
            tensors.put(
                    filling.input(),
                    filling.values().fill(filling.type(), filling.shape(), random));
        }
        return new Sample("generated input " + index, tensors, Sample.UNLABELLED);
    }

    @Override
    public boolean labelled() {
        return false;
    }

    @Override
    public String description() {
        return "%d generated inputs (random numbers, seed %d)".formatted(size, seed);
    }
}
