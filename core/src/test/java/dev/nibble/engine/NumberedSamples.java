package dev.nibble.engine;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * Samples that hold one number each, of very different magnitudes, so that the order of adding them
 * shows.
 *
 * @param onLoad what happens when a sample is loaded
 */
record NumberedSamples(int size, IntConsumer onLoad) implements Samples {
    static NumberedSamples of(int size) {
        return new NumberedSamples(size, _ -> {});
    }

    static float number(int index) {
        Random random = new Random(index);
        return (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8)));
    }

    /** The number that a network was fed or brought back. */
    static float number(Map<String, Tensor> tensors) {
        return Objects.requireNonNull(tensors.get("x")).floats()[0];
    }

    @Override
    public Sample get(int index) {
        onLoad.accept(index);
        return new Sample(
                "sample " + index, Map.of("x", Tensor.ofFloats(Shape.of(1), number(index))), index);
    }

    @Override
    public boolean labelled() {
        return true;
    }

    @Override
    public String description() {
        return size + " numbers";
    }
}
