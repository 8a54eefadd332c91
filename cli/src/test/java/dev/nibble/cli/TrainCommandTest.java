package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Node;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code nibble train} does. */
class TrainCommandTest {
    @TempDir private Path folder;

    private Path model;
    private Path images;
    private Path output;

    @BeforeEach
    void prepare() throws IOException {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        images = DrawnImages.inClassFolders(folder.resolve("images"), 20);
        output = folder.resolve("out.onnx");
    }

    private Run train(Object... more) {
        Object[] first = {
            "train", model, "-o", output, "--data", images, "--preprocess", "unit", "--threads", "1"
        };
        Object[] words = new Object[first.length + more.length];
        System.arraycopy(first, 0, words, 0, first.length);
        System.arraycopy(more, 0, words, first.length, more.length);
        return Run.of(words);
    }

    @Test
    void itTrainsForFourBits() throws IOException {
        Path json = folder.resolve("report.json");
        Run run =
                train(
                        "--recipe",
                        "w4a4",
                        "--epochs",
                        "2",
                        "--batch",
                        "8",
                        "--augment",
                        "flip,shift:0.2",
                        "--json",
                        json);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .containsPattern("start: held-out loss [0-9.]+, top-1 .* %")
                .containsPattern("epoch 1 of 2: loss [0-9.]+, held-out loss [0-9.]+, top-1 .* %")
                .contains(" %, agreement ")
                .contains("epoch 2 of 2");
        assertThat(run.out()).contains("QuantizationAwareTraining").contains("epochs");
        assertThat(new OnnxFormat().read(output).graph().nodes())
                .extracting(Node::opType)
                .contains("QuantizeLinear", "DequantizeLinear");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.at("/training/epochs").size()).isEqualTo(2);
        assertThat(report.at("/training/epochs/0/loss").asDouble()).isPositive();
        assertThat(report.at("/nodes").size()).isEqualTo(5);
        assertThat(folder.resolve("out.onnx.checkpoint")).doesNotExist();
    }

    /** The tiny network has no layers but the first and the last, which named recipes spare. */
    private Path recipe(int bits) throws IOException {
        return Files.writeString(
                folder.resolve("recipe.json"),
                """
                {"weights": {"format": "int%d"}, "activations": {"format": "uint%d"}, "edges": "same"}
                """
                        .formatted(bits, bits));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 3})
    void whatIsWrittenScoresWhatTrainingSaid(int bits) throws IOException {
        Path json = folder.resolve("report.json");
        Path others = DrawnImages.inClassFolders(folder.resolve("others"), 30);
        Run run =
                train(
                        "--recipe",
                        recipe(bits),
                        "--val",
                        others,
                        "--epochs",
                        "6",
                        "--batch",
                        "8",
                        "--no-labels",
                        "--lr",
                        "0.02",
                        "--json",
                        json);
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode training = new ObjectMapper().readTree(json.toFile()).get("training");
        JsonNode epochs = training.get("epochs");
        assertThat(epochs.at("/5/loss").doubleValue())
                .isLessThan(epochs.at("/0/loss").doubleValue());
        assertThat(training.get("best").intValue()).isPositive();
        JsonNode best = epochs.get(training.get("best").intValue() - 1);

        Run evaluation = Run.of("evaluate", model, output, "--data", others, "--json", "-");

        assertThat(evaluation.exitCode()).as(evaluation.err()).isZero();
        JsonNode written = new ObjectMapper().readTree(evaluation.out()).at("/models/1");
        assertThat(written.get("top1").doubleValue())
                .isCloseTo(best.get("accuracy").doubleValue(), within(1e-9));
        assertThat(written.get("agreement").doubleValue())
                .isCloseTo(best.get("agreement").doubleValue(), within(1e-9));
    }

    @Test
    void itTrainsInFloat() {
        Run run = train("--recipe", "float", "--epochs", "1", "--batch", "8");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("trained in float");
        assertThat(new OnnxFormat().read(output).graph().nodes())
                .extracting(Node::opType)
                .containsExactly("Conv", "Relu", "GlobalAveragePool", "Flatten", "Gemm");
    }

    @Test
    void aQuantizedNetworkGoesOnWithATeacher() {
        Path small = folder.resolve("small.onnx");
        Run before =
                Run.of("quantize", model, "-o", small, "--data", images, "--preprocess", "unit");
        assertThat(before.exitCode()).as(before.err()).isZero();
        Run run =
                Run.of(
                        "train",
                        small,
                        "-o",
                        output,
                        "--data",
                        images,
                        "--recipe",
                        "int8",
                        "--teacher",
                        model,
                        "--no-labels",
                        "--epochs",
                        "1",
                        "--threads",
                        "1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(new OnnxFormat().read(output).graph().nodes())
                .extracting(Node::opType)
                .contains("QuantizeLinear");
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        assertThat(train("--epochs", "1", "--seed", "4").exitCode()).isZero();
        byte[] once = Files.readAllBytes(output);
        assertThat(train("--epochs", "1", "--seed", "4", "--force").exitCode()).isZero();

        assertThat(Files.readAllBytes(output)).isEqualTo(once);
    }

    @Test
    void withoutACheckpointThereIsNothingToResume() {
        Run run = train("--resume");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("there is no checkpoint").contains("leave --resume out");
    }

    @Test
    void aLeftOverCheckpointIsNotOverwritten() throws IOException {
        Files.writeString(folder.resolve("out.onnx.checkpoint"), "something");
        Run run = train();
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("--resume").contains("--force");
        assertThat(output).doesNotExist();
    }

    @Test
    void wordsThatItDoesNotKnowAreErrors() {
        assertThat(train("--optimizer", "sdg").err())
                .contains("--optimizer is sgd, adamw, not \"sdg\"");
        assertThat(train("--augment", "rotate").err()).contains("not \"rotate\"");
        assertThat(train("--augment", "shift:a").err()).contains("\"a\" is no number");
        assertThat(train("--lr", "-1").err()).contains("learningRate is -1.0");
        assertThat(train("--ranges", "free").exitCode()).isEqualTo(2);
        assertThat(output).doesNotExist();
    }

    @Test
    void withoutLabelsAndTeacherThereIsNothingToLearn() {
        Run run = train("--no-labels", "--teacher", "none");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("nothing to learn from");
    }
}
