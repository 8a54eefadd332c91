package dev.nibble.examples;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.examples.shapes.ShapeImages;
import dev.nibble.torch.train.Batch;

import java.util.Map;

/** Drawn pictures as samples for the embedded networks. */
record ShapeSamples(ShapeImages images, int size) implements Samples {
    @Override
    public Sample get(int index) {
        Batch one = ShapeBatches.batch(images, index, 1);
        return new Sample(
                "picture " + index, Map.of("input", one.inputs()), (int) one.labels().longs()[0]);
    }

    @Override
    public boolean labelled() {
        return true;
    }

    @Override
    public String description() {
        return size + " drawn pictures";
    }
}
