package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.Trained;
import dev.nibble.TrainingPlan;
import dev.nibble.cli.shapes.ShapeArchive;
import dev.nibble.cli.shapes.ShapeSets;
import dev.nibble.engine.Partition;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.data.DataSet;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.train.TrainingSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The chapter of the example in which a network of 4 bits is trained: weights and activations.
 *
 * @param files of the example
 * @param console where progress is shown
 * @param threads that work at the same time
 */
record DemoTraining(DemoFiles files, Console console, int threads) {
    static final String NETWORK = "mobilenet";

    private static final Recipe RECIPE = Recipes.W4A4;
    private static final int PICTURES = 6000;
    private static final int HELD_OUT = 1000;
    private static final int EPOCHS = 12;

    /** Draws pictures, rounds the network, trains it, and compares. */
    DemoResult run() {
        draw();
        Nibble network =
                Nibble.read(files.network(NETWORK)).threads(threads).progress(console.progress());
        Path rounded = files.quantized(NETWORK, RECIPE.name());
        Samples calibration = DataSet.open(files.calibrationImages()).samples(network.model());
        network.allowDamage(true).quantize(RECIPE, calibration).write(rounded);
        Path trained = files.quantized(NETWORK, RECIPE.name() + "-trained");
        train(network).write(trained);
        return DemoResult.of(
                NETWORK, List.of("float", "rounded", "trained"), network, files, rounded, trained);
    }

    private void draw() {
        try (ShapeArchive archive =
                new ShapeArchive(Files.newOutputStream(files.trainingImages()))) {
            archive.add("train", ShapeSets.TRAINING, PICTURES);
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot draw pictures into %s: %s".formatted(files.trainingImages(), e), e);
        }
    }

    private Trained train(Nibble network) {
        Samples pictures = DataSet.open(files.trainingImages()).samples(network.model());
        Partition parts = Partition.of(pictures, HELD_OUT);
        TrainingSettings settings = TrainingSettings.DEFAULT.epochs(EPOCHS).threads(threads);
        return network.train(
                TrainingPlan.of(RECIPE, parts.seen(), parts.heldOut(), settings),
                new TrainingProgress(console, EPOCHS));
    }
}
