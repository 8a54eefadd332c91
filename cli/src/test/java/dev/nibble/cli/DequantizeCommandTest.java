package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code nibble dequantize} does. */
class DequantizeCommandTest {
    @TempDir private Path folder;

    private Path model;
    private Path images;
    private Path small;
    private Path output;

    @BeforeEach
    void quantize() throws IOException {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        images = DrawnImages.inClassFolders(folder.resolve("images"), 3);
        small = folder.resolve("small.onnx");
        output = folder.resolve("float.onnx");
        Run run = Run.of("quantize", model, "-o", small, "--data", images, "--preprocess", "unit");
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private Model written() {
        return new OnnxFormat().read(output);
    }

    @Test
    void itUndoesWhatQuantizeDid() {
        Run run = Run.of("dequantize", small, "-o", output);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .contains("wrote")
                .contains("QuantizeLinear")
                .containsPattern("size .* → ");
        assertThat(written().graph().nodes())
                .extracting(Node::opType)
                .contains("Conv", "Gemm")
                .doesNotContain("QuantizeLinear", "DequantizeLinear");
        assertThat(written().graph().constants().values())
                .allSatisfy(tensor -> assertThat(tensor.type()).isEqualTo(DataType.FLOAT32));
        assertThat(written().metadata())
                .containsEntry("nibble.preprocess", "unit,resize=crop")
                .doesNotContainKey("nibble.recipe");
    }

    @Test
    void itsAnswersAreThoseOfTheQuantizedNetwork() throws IOException {
        Run.of("dequantize", small, "-o", output);
        Run run = Run.of("evaluate", small, output, "--data", images, "--json", "-");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        JsonNode floats = new ObjectMapper().readTree(run.out()).at("/models/1");
        assertThat(floats.get("agreement").doubleValue()).isEqualTo(1);
        assertThat(floats.get("sqnrDb").doubleValue()).isGreaterThan(30);
    }

    @Test
    void whatItWritesCanBeQuantizedAgain() {
        Run.of("dequantize", small, "-o", output);
        Path again = folder.resolve("again.onnx");
        Run run = Run.of("quantize", output, "-o", again, "--data", images);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
    }

    @Test
    void theJsonSaysWhatWasUndone() throws IOException {
        Run run = Run.of("dequantize", small, "-o", output, "--json", "-");
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.at("/undone/DequantizeLinear").intValue()).isPositive();
        assertThat(json.at("/sizeBytes/quantized").longValue()).isEqualTo(Files.size(small));
        assertThat(json.at("/sizeBytes/float").longValue()).isEqualTo(Files.size(output));
        assertThat(json.get("saturations").intValue()).isPositive();
        assertThat(json.get("codesAtInterface")).isEmpty();
    }

    @Test
    void aFloatNetworkIsRefusedAndNothingWritten() {
        Run run = Run.of("dequantize", model, "-o", output);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("not quantized");
        assertThat(output).doesNotExist();
    }

    @Test
    void anExistingFileIsReplacedOnlyByForce() throws IOException {
        Files.writeString(output, "mine");
        Run refused = Run.of("dequantize", small, "-o", output);
        assertThat(refused.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(refused.err()).contains("float.onnx exists").contains("--force");
        assertThat(output).hasContent("mine");
        assertThat(Run.of("dequantize", small, "-o", output, "--force").exitCode()).isZero();
        assertThat(written().graph().nodes()).isNotEmpty();
    }

    @Test
    void theOutputMustBeNamed() {
        assertThat(Run.of("dequantize", small).exitCode()).isEqualTo(ExitCodes.USAGE);
    }
}
