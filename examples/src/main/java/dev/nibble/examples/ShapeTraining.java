package dev.nibble.examples;

import dev.nibble.examples.shapes.Glyph;
import dev.nibble.examples.shapes.ShapeImages;
import dev.nibble.graph.Model;
import dev.nibble.torch.train.Batch;
import dev.nibble.torch.train.TorchNetwork;
import dev.nibble.torch.train.Trainer;
import dev.nibble.torch.train.TrainingListener;
import dev.nibble.torch.train.TrainingSettings;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Teaches a network to name the glyphs in drawn pictures. */
public final class ShapeTraining {
    private static final int BATCH_SIZE = 64;

    /** The share of the steps in which pictures grow from easy to as hard as they are shipped. */
    private static final double EASY_SHARE = 0.25;

    private static final int PICTURES_AT_ONCE = 100;

    private ShapeTraining() {}

    /**
     * The trained network; its metadata says how to prepare pictures and what the classes are
     * called.
     */
    public static Model train(
            Model untrained,
            ShapeImages images,
            TrainingSettings settings,
            TrainingListener listener) {
        int easySteps = Math.max(1, (int) (EASY_SHARE * settings.steps()));
        ShapeBatches batches = new ShapeBatches(images, BATCH_SIZE, easySteps);
        String classes =
                Arrays.stream(Glyph.values()).map(Glyph::label).collect(Collectors.joining(","));
        return new Trainer(settings, listener)
                .train(untrained, batches)
                .withMetadata("nibble.preprocess", "tf")
                .withMetadata("nibble.classes", classes);
    }

    /** The share of the first {@code count} pictures that a network names rightly. */
    public static double accuracy(Model model, ShapeImages images, int count) {
        int right = 0;
        try (TorchNetwork network = TorchNetwork.of(model)) {
            for (int first = 0; first < count; first += PICTURES_AT_ONCE) {
                int some = Math.min(PICTURES_AT_ONCE, count - first);
                right += right(network, ShapeBatches.batch(images, first, some));
            }
        }
        return (double) right / count;
    }

    private static int right(TorchNetwork network, Batch batch) {
        float[] logits = network.infer(batch.inputs()).floats();
        long[] labels = batch.labels().longs();
        int classes = logits.length / labels.length;
        int right = 0;
        for (int sample = 0; sample < labels.length; sample++) {
            int best = 0;
            for (int c = 1; c < classes; c++) {
                if (logits[sample * classes + c] > logits[sample * classes + best]) {
                    best = c;
                }
            }
            right += best == labels[sample] ? 1 : 0;
        }
        return right;
    }
}
