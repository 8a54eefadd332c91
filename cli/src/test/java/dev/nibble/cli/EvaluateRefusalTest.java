package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code nibble evaluate} refuses: one message, an exit code that is not 0, no result. */
class EvaluateRefusalTest {
    @TempDir private Path folder;

    private Path model;
    private Path images;

    @BeforeEach
    void drawAndWrite() throws IOException {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        images = DrawnImages.inClassFolders(folder.resolve("images"), 1);
    }

    private static void assertRefused(int exitCode, List<?> words, String... parts) {
        Run run = Run.of(Stream.concat(Stream.of("evaluate"), words.stream()).toArray());
        assertThat(run.err()).contains(parts).startsWith("nibble: ");
        assertThat(run.err()).doesNotContain("Exception", "\tat ", "bug");
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
    }

    private void assertRefused(List<?> words, String... parts) {
        assertRefused(ExitCodes.FAILED, words, parts);
    }

    @Test
    void noModel() {
        assertRefused(ExitCodes.USAGE, List.of("--data", images), "MODEL");
    }

    @Test
    void noData() {
        assertRefused(ExitCodes.USAGE, List.of(model), "--data");
    }

    @Test
    void aModelThatDoesNotExist() {
        Path nothing = folder.resolve("nothing.onnx");
        assertRefused(
                List.of(model, nothing, "--data", images, "--preprocess", "unit"),
                nothing.toString());
    }

    @Test
    void imagesWithoutPreprocessing() {
        assertRefused(
                List.of(model, model, "--data", images),
                images.toString(),
                "--preprocess",
                "imagenet, tf, unit, raw",
                "resize=crop");
    }

    @Test
    void moreSamplesThanThereAre() {
        assertRefused(
                List.of(model, "--data", images, "--preprocess", "unit", "--samples", 9),
                "9 samples are asked for",
                "only 3");
    }

    @Test
    void labelsBeyondTheClasses() throws IOException {
        Files.writeString(images.resolve("labels.csv"), "file,label\nclass0/0.png,3\n");
        assertRefused(
                List.of(model, "--data", images, "--preprocess", "unit"),
                "0.png has label 3",
                model + " has 3 classes (0..2)");
    }

    @Test
    void samplesOfAnotherShape() throws IOException {
        Path arrays = NpyFiles.write(folder.resolve("wrong.npy"), 2, 3, 5, 5);
        assertRefused(List.of(model, "--data", arrays), model.toString(), "wrong.npy", "input");
    }

    @Test
    void modelsWithOtherOutputs() {
        Path other = folder.resolve("pool.onnx");
        new OnnxFormat().write(pooling(), other);
        assertRefused(
                List.of(model, other, "--data", images, "--preprocess", "unit"),
                "output pooled of " + other,
                "output scores of the baseline " + model,
                "only equal shapes can be compared");
    }

    /** A network that keeps the picture. */
    private static Model pooling() {
        Model tiny = TinyNetworks.convolutional();
        Dimension size = Dimension.of(TinyNetworks.SIZE);
        return tiny.with(
                Graph.of(
                        "pooling",
                        List.of(Node.of("relu", "Relu", List.of("input"), List.of("pooled"))),
                        tiny.graph().inputs(),
                        List.of(
                                ValueInfo.ofTensor(
                                        "pooled",
                                        DataType.FLOAT32,
                                        Dimension.of("batch"),
                                        Dimension.of(3),
                                        size,
                                        size)),
                        Map.of()));
    }

    @Test
    void aResultThatExists() throws IOException {
        Path result = Files.writeString(folder.resolve("result.json"), "old");
        assertRefused(
                List.of(model, "--data", images, "--preprocess", "unit", "--json", result),
                result.toString(),
                "exists",
                "--force");
        assertThat(result).hasContent("old");
    }

    @Test
    void aResultInThePlaceOfAModel() {
        assertRefused(
                List.of(
                        model,
                        "--data",
                        images,
                        "--preprocess",
                        "unit",
                        "--json",
                        model,
                        "--force"),
                model.toString(),
                "choose another name");
    }

    @Test
    void limitsThatNothingCouldMiss() {
        assertRefused(
                ExitCodes.USAGE,
                List.of(model, "--data", images, "--min-agreement", "0.9"),
                "give a second MODEL");
        for (String share : Arrays.asList("90", "-0.1", "NaN")) {
            assertRefused(
                    ExitCodes.USAGE,
                    List.of(model, model, "--data", images, "--min-agreement=" + share),
                    "--min-agreement",
                    "is no share; give one from 0 to 1");
        }
    }
}
