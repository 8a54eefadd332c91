package dev.nibble.report;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Samples that are rows of numbers; counts how often one is loaded. */
final class Rows implements Samples {
    /** Scores of three classes; those of the last sample lie close together. */
    static final List<float[]> FOUR =
            List.of(
                    new float[] {9, 0, 0},
                    new float[] {0, 9, 0},
                    new float[] {0, 0, 9},
                    new float[] {0, 9, 8});

    private final String input;
    private final List<float[]> rows;
    private final int[] labels;

    final AtomicInteger loaded = new AtomicInteger();

    /** Rows for a network with this input; labels run as far as they go. */
    Rows(String input, List<float[]> rows, int... labels) {
        this.input = input;
        this.rows = rows;
        this.labels = labels;
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public Sample get(int index) {
        loaded.incrementAndGet();
        float[] row = rows.get(index).clone();
        int label = index < labels.length ? labels[index] : Sample.UNLABELLED;
        return new Sample(
                "row " + index,
                Map.of(input, Tensor.ofFloats(Shape.of(1, row.length), row)),
                label);
    }

    @Override
    public boolean labelled() {
        return labels.length >= rows.size();
    }

    @Override
    public String description() {
        return rows.size() + " rows";
    }
}
