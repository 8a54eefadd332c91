package dev.nibble.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Session;
import dev.nibble.examples.shapes.ShapeArchive;
import dev.nibble.examples.shapes.ShapeImages;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Model;
import dev.nibble.onnxruntime.OnnxRuntimeEngine;
import dev.nibble.tensor.Tensor;
import dev.nibble.torch.train.TorchNetwork;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import javax.imageio.ImageIO;

/** What the command line ships is what the code here makes. */
class ShippedExampleTest {
    private static final Path FOLDER = Path.of("../cli/src/main/resources/dev/nibble/cli/demo");

    @Test
    void thePicturesAreTheOnesThatAreDrawn() throws IOException {
        try (ZipFile zip = new ZipFile(FOLDER.resolve("images.zip").toFile())) {
            check(zip, "calibrate", ShapeSets.CALIBRATION, ShapeSets.CALIBRATION_COUNT);
            check(zip, "evaluate", ShapeSets.EVALUATION, ShapeSets.EVALUATION_COUNT);
            assertThat(zip.size())
                    .isEqualTo(ShapeSets.CALIBRATION_COUNT + ShapeSets.EVALUATION_COUNT);
        }
    }

    /** Pixels, not bytes: how well PNG packs depends on the zlib of the Java installation. */
    private static void check(ZipFile zip, String folder, ShapeImages images, int count)
            throws IOException {
        for (int index = 0; index < count; index++) {
            String name = ShapeArchive.entryName(folder, images, index);
            ZipEntry entry = Objects.requireNonNull(zip.getEntry(name), name);
            BufferedImage shipped = ImageIO.read(zip.getInputStream(entry));
            assertThat(pixels(shipped)).as(name).isEqualTo(pixels(images.image(index)));
        }
    }

    private static int[] pixels(BufferedImage image) {
        int width = image.getWidth();
        return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet.onnx", "mobilenet.onnx"})
    void theNetworksKnowTheirGlyphsAndAreSmall(String file) throws IOException {
        Model model = new OnnxFormat().read(FOLDER.resolve(file));

        assertThat(ShapeTraining.accuracy(model, ShapeSets.EVALUATION, ShapeSets.EVALUATION_COUNT))
                .isBetween(0.95, 0.99);
        assertThat(Files.size(FOLDER.resolve(file))).isLessThan(400_000);
        assertThat(model.metadata())
                .containsEntry("nibble.preprocess", "tf")
                .containsEntry(
                        "nibble.classes",
                        "arrow,bolt,crescent,cross,drop,heart,pentagon,square,star,triangle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet.onnx", "mobilenet.onnx"})
    void onnxRuntimeComputesWhatLibtorchComputes(String file) {
        Model model = new OnnxFormat().read(FOLDER.resolve(file));
        Tensor inputs = ShapeBatches.batch(ShapeSets.EVALUATION, 0, 50).inputs();
        float[] expected = libtorch(model, inputs);
        float[] actual = onnxRuntime(model, inputs);

        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("logit %d", i).isCloseTo(expected[i], within(1e-4f));
        }
    }

    private static float[] libtorch(Model model, Tensor inputs) {
        try (TorchNetwork network = TorchNetwork.of(model)) {
            return network.infer(inputs).floats();
        }
    }

    private static float[] onnxRuntime(Model model, Tensor inputs) {
        EngineOptions exact = new EngineOptions(1, false);
        try (Session session =
                        new OnnxRuntimeEngine()
                                .open(model, Collections.emptySet(), new OnnxFormat(), exact);
                Outputs outputs = session.run(Map.of("input", inputs))) {
            return Objects.requireNonNull(outputs.tensors().get("logits")).floats();
        }
    }
}
