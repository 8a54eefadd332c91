package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Model;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code nibble inspect} shows. */
class InspectCommandTest {
    @TempDir private Path folder;

    private Path model;

    @BeforeEach
    void write() {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void itSaysWhatTheFileHoldsAndWhatWouldBecomeOfIt() {
        Run run = Run.of("inspect", model);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(run.err()).isEmpty();
        // 8 × 8 windows × 4 channels × 27 weights
        assertThat(run.outLines())
                .anyMatch(line ->
                        line.matches("conv +Conv +448 B .* 6.9 k .*int8 per axis 0 × uint8"));
        assertThat(run.outLines()).anyMatch(line -> line.matches("relu +Relu +absorbed"));
        assertThat(run.out())
                .contains("opset 13")
                .contains("input      input  float32 [batch×3×8×8]")
                .contains("output     scores  float32 [batch×3]")
                .contains("operators  Conv 1, Flatten 1, Gemm 1, GlobalAveragePool 1, Relu 1")
                .contains("quantized  no")
                .contains("recipe     int8: ");
    }

    @Test
    void itFitsATerminalOfAHundredColumns() {
        Run run = Run.on(new Terminal(true, true, false, 100), "inspect", model);
        assertThat(run.outLines()).isNotEmpty().allMatch(line -> line.length() <= 100);
    }

    @Test
    void theJsonHasEverything() throws IOException {
        Path file = folder.resolve("inspection.json");
        Run run = Run.of("inspect", model, "--recipe", "int8-weights", "--json", file, "--quiet");
        assertThat(run.out()).isEmpty();
        JsonNode json = json(Files.readString(file));
        assertThat(json.get("sizeBytes").longValue()).isEqualTo(Files.size(model));
        assertThat(json.at("/opsets/ai.onnx").intValue()).isEqualTo(13);
        assertThat(json.at("/inputs/0/type").textValue()).isEqualTo("float32 [batch×3×8×8]");
        // 4·27 + 4 weights of the convolution, 3·4 + 3 of the linear layer
        assertThat(json.get("parameters").intValue()).isEqualTo(127);
        assertThat(json.get("parameterBytes").intValue()).isEqualTo(4 * 127);
        assertThat(json.at("/compute/multiplyAdds").intValue()).isEqualTo(64 * 4 * 27 + 12);
        assertThat(json.at("/compute/unknown")).isEmpty();
        assertThat(json.get("quantized").booleanValue()).isFalse();
        assertThat(json.at("/dryRun/recipe").textValue()).isEqualTo("int8-weights");
        assertThat(json.get("nodes").findValuesAsText("node"))
                .containsExactly("conv", "relu", "pool", "flatten", "linear");
        assertThat(json.at("/nodes/0/decision").textValue()).isEqualTo("weights");
        assertThat(json.at("/nodes/1/min").isNull()).isTrue();
        assertThat(json.at("/nodes/1/reason").textValue()).contains("no weights");
    }

    @Test
    void aQuantizedNetworkIsCountedAndNotPlanned() throws IOException {
        Path small = folder.resolve("small.onnx");
        assertThat(Run.of("quantize", model, "-o", small, "--recipe", "int8-weights").exitCode())
                .isZero();
        Run run = Run.of("inspect", small);
        assertThat(run.out())
                .contains("quantized  already: nodes of Q/DQ 1, folded 1")
                .contains("2 × int8 weights, several scales")
                .contains("metadata   nibble.recipe = int8-weights")
                .doesNotContain("would become");
        JsonNode json = json(Run.of("inspect", small, "--json", "-").out());
        assertThat(json.get("quantized").booleanValue()).isTrue();
        assertThat(json.get("dryRun").isNull()).isTrue();
    }

    @Test
    void theDryRunSaysWhatQuantizeThenDoes() throws IOException {
        Path small = folder.resolve("small.onnx");
        Path report = folder.resolve("report.json");
        Run.of("quantize", model, "-o", small, "--recipe", "int8-weights", "--json", report);
        JsonNode done = json(Files.readString(report));
        JsonNode planned =
                json(Run.of("inspect", model, "--recipe", "int8-weights", "--json", "-").out());
        for (String field : new String[] {"node", "decision", "format", "reason"}) {
            assertThat(planned.get("nodes").findValuesAsText(field))
                    .isEqualTo(done.get("nodes").findValuesAsText(field));
        }
        assertThat(planned.at("/dryRun/parameterBytes").longValue())
                .isEqualTo(done.at("/parameterBytes/quantized").longValue());
    }

    @Test
    void suspiciousWeightsAreNamed() {
        new OnnxFormat().write(TinyNetworks.withNanWeight(), model);
        assertThat(Run.of("inspect", model).out())
                .contains("look at    conv (conv_w): 1 of 108 numbers are NaN or infinite");
        new OnnxFormat().write(withChannels(0, 1e-6f), model);
        assertThat(Run.of("inspect", model).out())
                .contains("conv (conv_w): output channels that are all zero")
                .contains("conv (conv_w): output channels too small for one scale");
    }

    private static Model withChannels(float... factors) {
        Model network = TinyNetworks.convolutional();
        Tensor weights = network.graph().constant("conv_w").orElseThrow();
        float[] values = weights.floats();
        int perChannel = values.length / 4;
        for (int i = 0; i < factors.length * perChannel; i++) {
            values[i] *= factors[i / perChannel];
        }
        return network.map(graph ->
                graph.edit(editor ->
                        editor.constant("conv_w", Tensor.ofFloats(weights.shape(), values))));
    }

    @Test
    void aNetworkThatCannotBeQuantizedIsShownAllTheSame() {
        Path plain = TinyNetworks.writeWithoutWeights(folder.resolve("plain.onnx"));
        Run run = Run.of("inspect", plain);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out()).contains("int8 would be refused: there is nothing to quantize");
    }

    @Test
    void whatIsNoNetworkIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.onnx"), "these are notes");
        Run run = Run.of("inspect", text);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("notes.onnx");
        assertThat(Run.of("inspect", model, "--recipe", "w9").err()).contains("w9");
    }
}
