package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Model;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What {@code nibble quantize} refuses: one message that names file, place and remedy, an exit code
 * that is not 0, nothing written.
 */
class QuantizeRefusalTest {
    @TempDir private Path folder;

    private Path model;
    private Path images;
    private Path output;
    private Set<Path> before;

    @BeforeEach
    void drawAndWrite() throws IOException {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        images = DrawnImages.inClassFolders(folder.resolve("images"), 2);
        output = folder.resolve("small.onnx");
        before = files();
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new TreeSet<>(files.toList());
        }
    }

    /** Runs with the usual words and more. */
    private Run quantize(Object... more) {
        return Run.of(
                Stream.concat(
                                Stream.of(
                                        "quantize",
                                        model,
                                        "-o",
                                        output,
                                        "--data",
                                        images,
                                        "--preprocess",
                                        "unit"),
                                Arrays.stream(more))
                        .toArray());
    }

    private void assertRefused(Run run, int exitCode, String... parts) throws IOException {
        assertThat(run.err()).contains(parts).startsWith("nibble: ");
        assertThat(run.err()).doesNotContain("Exception", "\tat ", "bug");
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    private void assertRefused(Run run, String... parts) throws IOException {
        assertRefused(run, ExitCodes.FAILED, parts);
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void aFileThatIsNotANetwork() throws IOException {
        Files.writeString(model, "this is no network at all, but a text that somebody named so");
        assertRefused(quantize(), model.toString(), "ONNX");
    }

    @Test
    void anEmptyFile() throws IOException {
        Files.write(model, new byte[0]);
        assertRefused(quantize(), model.toString());
    }

    @Test
    void aTruncatedNetwork() throws IOException {
        byte[] whole = Files.readAllBytes(model);
        Files.write(model, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(quantize(), model.toString(), "cut off or damaged", "export the model again");
    }

    @Test
    void aNetworkThatDoesNotExist() throws IOException {
        model = folder.resolve("nothing.onnx");
        assertRefused(quantize(), model.toString(), "does not exist");
    }

    @Test
    void dataThatDoesNotExist() throws IOException {
        images = folder.resolve("nothing");
        assertRefused(quantize(), "there is no data at " + images, "give a folder");
    }

    @Test
    void aFolderWithoutSamples() throws IOException {
        images = Files.createDirectory(folder.resolve("empty"));
        before = files();
        assertRefused(quantize(), images.toString());
    }

    @Test
    void anImageThatCannotBeDecoded() throws IOException {
        Path broken = images.resolve("class1").resolve("1.png");
        Files.write(broken, Arrays.copyOf(Files.readAllBytes(broken), 40));
        assertRefused(quantize(), broken.toString());
    }

    @Test
    void labelsThatNameAbsentFiles() throws IOException {
        images = DrawnImages.withLabels(folder.resolve("labelled"), 3);
        Files.delete(images.resolve("1.png"));
        before = files();
        assertRefused(quantize(), "labels.csv", "1.png");
    }

    @Test
    void inputsOfAnotherShape() throws IOException {
        images = NpyFiles.write(folder.resolve("wrong.npy"), 2, 3, 5, 5);
        before = files();
        assertRefused(
                Run.of("quantize", model, "-o", output, "--data", images),
                "wrong.npy",
                "input",
                "5");
    }

    @Test
    void anUnknownRecipe() throws IOException {
        assertRefused(
                quantize("--recipe", "int88"),
                "there is no recipe \"int88\"",
                "int8-per-tensor",
                "did you mean \"int8\"?");
    }

    @Test
    void anUnknownCalibrator() throws IOException {
        assertRefused(
                quantize("--calibrator", "minimax"),
                "\"minimax\"",
                "entropy",
                "did you mean \"minMax\"?");
    }

    @Test
    void aCalibratorForWeightsAlone() throws IOException {
        assertRefused(
                quantize("--recipe", "int8-weights", "--calibrator", "mse"),
                "recipe int8-weights measures no ranges of activations",
                "--calibrator mse");
    }

    @Test
    void aRecipeFileWithAnUnknownField() throws IOException {
        Path recipe = Files.writeString(folder.resolve("mine.json"), "{\"wieghts\": {}}");
        before = files();
        assertRefused(
                quantize("--recipe", recipe),
                recipe.toString(),
                "wieghts",
                "did you mean \"weights\"?");
    }

    @Test
    void aMisspeltOption() throws IOException {
        assertRefused(
                quantize("--calibratr", "mse"),
                ExitCodes.USAGE,
                "Unknown option",
                "--calibratr",
                "--calibrator");
    }

    @Test
    void anOptionWithoutItsValue() throws IOException {
        assertRefused(quantize("--recipe"), ExitCodes.USAGE, "--recipe");
    }

    @Test
    void aNumberThatIsNone() throws IOException {
        assertRefused(
                quantize("--threads", "0"),
                ExitCodes.USAGE,
                "--threads",
                "\"0\" is not a whole number from 1");
    }

    @Test
    void noOutput() throws IOException {
        assertRefused(
                Run.of("quantize", model, "--recipe", "int8-weights"), ExitCodes.USAGE, "--output");
    }

    @Test
    void aSchemeThatMatchesNothing() throws IOException {
        assertRefused(quantize("--scheme", "cnov*=w4a8"), "cnov*", "matches no node", "conv");
    }

    @Test
    void aSchemeOfAnUnknownRecipe() throws IOException {
        assertRefused(
                quantize("--scheme", "conv=w4a88"),
                "there is no recipe \"w4a88\"",
                "did you mean \"w4a8\"?");
    }

    @Test
    void aSchemeWithoutARecipe() throws IOException {
        assertRefused(quantize("--scheme", "conv"), "\"conv\" is not PATTERN=RECIPE");
    }

    @Test
    void keepFloatThatMatchesNothing() throws IOException {
        assertRefused(quantize("--keep-float", "cnov*"), "cnov*", "matches no node", "conv");
    }

    @Test
    void aRangeThatMatchesNothing() throws IOException {
        assertRefused(
                quantize("--range", "relu6_out=0,6"),
                "relu6_out",
                "matches no quantized value",
                "conv_out");
    }

    @Test
    void aRangeThatIsNone() throws IOException {
        assertRefused(quantize("--range", "relu_out=6"), "relu_out=6", "PATTERN=MIN,MAX");
    }

    @Test
    void imagesWithoutPreprocessing() throws IOException {
        assertRefused(
                Run.of("quantize", model, "-o", output, "--data", images),
                "--preprocess",
                "imagenet",
                "tf",
                "unit",
                "raw");
    }

    @Test
    void preprocessingThatIsNone() throws IOException {
        assertRefused(
                Run.of(
                        "quantize",
                        model,
                        "-o",
                        output,
                        "--data",
                        images,
                        "--preprocess",
                        "imagnet"),
                "imagnet",
                "imagenet");
    }

    @Test
    void noDataForARecipeThatNeedsIt() throws IOException {
        assertRefused(
                Run.of("quantize", model, "-o", output, "--recipe", "int8"),
                "recipe int8",
                "--data");
    }

    @Test
    void anOutputThatExists() throws IOException {
        Files.writeString(output, "old");
        before = files();
        assertRefused(quantize(), output.toString(), "exists", "--force");
        assertThat(output).hasContent("old");
    }

    @Test
    void aReportThatExists() throws IOException {
        Path report = Files.writeString(folder.resolve("report.json"), "old");
        before = files();
        assertRefused(quantize("--json", report), report.toString(), "exists", "--force");
        assertThat(report).hasContent("old");
    }

    @Test
    void anOutputThatIsTheNetworkItself() throws IOException {
        output = model;
        assertRefused(quantize("--force"), model.toString(), "choose another name");
    }

    @Test
    void aReportInThePlaceOfTheOutput() throws IOException {
        assertRefused(quantize("--json", output), output.toString(), "choose another name");
    }

    @Test
    void aFolderInThePlaceOfTheOutput() throws IOException {
        Files.createDirectory(output);
        before = files();
        assertRefused(quantize("--force"), output.toString(), "it is a folder");
    }

    @Test
    void anOutputInAFolderThatDoesNotExist() throws IOException {
        output = folder.resolve("nowhere").resolve("small.onnx");
        assertRefused(quantize(), output.toString(), "there is no folder", "create it");
    }

    @Test
    void anOutputInAFolderThatCannotBeWritten() throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        output = locked.resolve("small.onnx");
        before = files();
        assertThat(locked.toFile().setWritable(false)).isTrue();
        assumeFalse(Files.isWritable(locked), "this user may write everywhere");
        assertRefused(quantize(), output.toString(), "permission denied");
    }

    @Test
    void anOutputThatCannotBeFinished() throws IOException {
        Path processes = Path.of("/proc");
        assumeTrue(
                Files.isDirectory(processes), "only Linux has a folder in which nobody can write");
        output = processes.resolve("nibble-small.onnx");
        assertRefused(quantize(), "cannot write " + output);
    }

    @Test
    void aNetworkThatIsQuantizedAlready() throws IOException {
        assertThat(quantize("--quiet").exitCode()).isEqualTo(ExitCodes.DONE);
        model = output;
        output = folder.resolve("smaller.onnx");
        before = files();
        assertRefused(quantize(), "quantized already", "QuantizeLinear", "nibble dequantize");
    }

    @Test
    void aNetworkInWhichNothingCanBeQuantized() throws IOException {
        model = TinyNetworks.writeWithoutWeights(folder.resolve("weightless.onnx"));
        before = files();
        assertRefused(quantize(), "nothing to quantize", "1 Relu: its input input is float");
    }

    @Test
    void aNetworkWithWeightsThatAreNotNumbers() throws IOException {
        Model sick = TinyNetworks.withNanWeight();
        new OnnxFormat().write(sick, model);
        assertRefused(
                Run.of("quantize", model, "-o", output, "--recipe", "int8-weights"),
                "conv_w",
                "NaN");
    }
}
