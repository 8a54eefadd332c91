package dev.nibble.examples;

import dev.nibble.examples.nets.SmallNetworks;
import dev.nibble.examples.shapes.Glyph;
import dev.nibble.examples.shapes.ShapeArchive;
import dev.nibble.examples.shapes.ShapeImages;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Model;
import dev.nibble.torch.train.TrainingListener;
import dev.nibble.torch.train.TrainingSettings;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes what the command {@code nibble demo} works on: a zip of pictures and two trained networks.
 *
 * <p>{@code mvn -q -Dquick -Pdemo -pl examples -am process-classes} runs it and replaces the files
 * of the command line's resources. The pictures come out the same everywhere, the networks on the
 * same kind of machine. It takes two cores some minutes.
 */
public final class DemoFactory {
    /**
     * One thread each: the networks are trained side by side, and come out the same on more cores.
     */
    private static final int THREADS = 1;

    private static final TrainingSettings RESNET = new TrainingSettings(2000, 0.1, 5e-4, THREADS);
    private static final TrainingSettings MOBILENET =
            new TrainingSettings(1600, 0.8, 1e-4, THREADS);

    private static final int STEPS_PER_LINE = 200;
    private static final int WIDTH = 16;
    private static final long WEIGHT_SEED = 1;

    private final Path folder;
    private final PrintStream log;

    DemoFactory(Path folder, PrintStream log) {
        this.folder = folder;
        this.log = log;
    }

    /** Takes one argument, the folder to write to. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException(
                    "give one argument, the folder to write to, not " + List.of(arguments));
        }
        DemoFactory factory = new DemoFactory(Path.of(arguments[0]), System.out);
        factory.draw();
        factory.train();
    }

    void draw() throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("images.zip");
        try (ShapeArchive archive = new ShapeArchive(Files.newOutputStream(file))) {
            archive.add("calibrate", ShapeSets.CALIBRATION, ShapeSets.CALIBRATION_COUNT);
            archive.add("evaluate", ShapeSets.EVALUATION, ShapeSets.EVALUATION_COUNT);
        }
        log.printf("%s: %d bytes%n", file.getFileName(), Files.size(file));
    }

    /** Trains both networks side by side. */
    void train() throws InterruptedException {
        int size = ShapeImages.SHIPPED_SIZE;
        int classes = Glyph.values().length;
        Model resNet = SmallNetworks.resNet(size, classes, WIDTH, WEIGHT_SEED);
        Model mobileNet = SmallNetworks.mobileNet(size, classes, WIDTH, WEIGHT_SEED);
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            Future<?> one = executor.submit(() -> train("resnet", resNet, RESNET));
            Future<?> other = executor.submit(() -> train("mobilenet", mobileNet, MOBILENET));
            one.get();
            other.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("training failed: " + e.getCause(), e);
        }
    }

    private void train(String name, Model untrained, TrainingSettings settings) {
        TrainingListener listener =
                (step, loss) -> {
                    if ((step + 1) % STEPS_PER_LINE == 0) {
                        log.printf(
                                "%s: step %d of %d, loss %.3f%n",
                                name, step + 1, settings.steps(), loss);
                    }
                };
        Model model = ShapeTraining.train(untrained, ShapeSets.TRAINING, settings, listener);
        new OnnxFormat().write(model, folder.resolve(name + ".onnx"));
        double accuracy =
                ShapeTraining.accuracy(model, ShapeSets.EVALUATION, ShapeSets.EVALUATION_COUNT);
        log.printf("%s: top-1 %.3f%n", name, accuracy);
    }
}
