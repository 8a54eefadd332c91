package dev.nibble.examples;

import static dev.nibble.examples.OperatorRows.noise;
import static dev.nibble.examples.OperatorRows.positive;
import static dev.nibble.examples.OperatorRows.row;

import dev.nibble.examples.OperatorRows.Row;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** What normalizes, and what remembers. */
final class OperatorRowsOfLayers {
    private static final Tensor PICTURE = noise(2, 4, 3, 2);

    private OperatorRowsOfLayers() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(normalizations());
        rows.addAll(memories());
        return rows;
    }

    private static List<Row> normalizations() {
        Tensor four = noise(4);
        return List.of(
                row("BatchNormalization", PICTURE, four, noise(4), noise(4), positive(4)).rough(),
                row("Dropout", PICTURE),
                row("GroupNormalization", PICTURE, noise(2), noise(2))
                        .with("num_groups", 2)
                        .opset(18),
                row("GroupNormalization", PICTURE, four, noise(4)).with("num_groups", 2).opset(21),
                row("InstanceNormalization", PICTURE, four, noise(4)),
                row("LRN", PICTURE).with("size", 3).with("alpha", 0.5f).with("bias", 2f),
                row("LRN", PICTURE).with("size", 5).with("alpha", 0.5f),
                row("LayerNormalization", PICTURE, noise(2), noise(2)),
                row("LayerNormalization", PICTURE, noise(4, 3, 2)).with("axis", 1),
                row("LayerNormalization", PICTURE, noise(3, 2), noise(3, 2))
                        .with("axis", -2)
                        .outputs(3),
                row("LpNormalization", PICTURE).with("axis", 1),
                row("LpNormalization", PICTURE).with("p", 1),
                row("MeanVarianceNormalization", PICTURE),
                row("RMSNormalization", PICTURE, noise(2)).opset(23));
    }

    private static List<Row> memories() {
        Tensor input = noise(5, 2, 3);
        Tensor begin = noise(0.5f, 2, 2, 4);
        List<Row> rows = new ArrayList<>();
        for (String direction : List.of("forward", "reverse", "bidirectional")) {
            int ways = direction.equals("bidirectional") ? 2 : 1;
            rows.add(memory("LSTM", 4, ways).with("direction", direction).outputs(3));
            rows.add(memory("GRU", 3, ways).with("direction", direction).outputs(2));
            rows.add(
                    memory("GRU", 3, ways)
                            .with("direction", direction)
                            .with("linear_before_reset", 1)
                            .outputs(2));
            rows.add(memory("RNN", 1, ways).with("direction", direction).outputs(2));
        }
        rows.add(memory("RNN", 1, 1).with("activations", new String[] {"Relu"}).outputs(2));
        rows.add(
                row(
                                "LSTM",
                                input,
                                noise(0.5f, 2, 16, 3),
                                noise(0.5f, 2, 16, 4),
                                noise(0.5f, 2, 32),
                                Tensor.ofInts(Shape.of(2), 5, 5),
                                begin,
                                noise(0.4f, 2, 2, 4))
                        .with("hidden_size", 4)
                        .with("direction", "bidirectional")
                        .outputs(3));
        rows.add(
                row("GRU", input, noise(0.5f, 2, 12, 3), noise(0.5f, 2, 12, 4), "", "", begin)
                        .with("hidden_size", 4)
                        .with("direction", "bidirectional")
                        .outputs(2));
        return rows;
    }

    private static Row memory(String kind, long parts, long ways) {
        return row(
                        kind,
                        noise(5, 2, 3),
                        noise(0.5f, ways, parts * 4, 3),
                        noise(0.5f, ways, parts * 4, 4),
                        noise(0.5f, ways, parts * 8))
                .with("hidden_size", 4);
    }
}
