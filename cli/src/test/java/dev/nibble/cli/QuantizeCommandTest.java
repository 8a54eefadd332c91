package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code nibble quantize} does when all is well. */
class QuantizeCommandTest {
    private static final String CHOSEN = "recipe int8: there are samples to measure ranges on\n";

    @TempDir private Path folder;

    private Path model;
    private Path images;
    private Path output;

    @BeforeEach
    void drawAndWrite() throws IOException {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        images = DrawnImages.inClassFolders(folder.resolve("images"), 3);
        output = folder.resolve("small.onnx");
    }

    private Run quantize(Object... more) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "quantize",
                                model,
                                "-o",
                                output,
                                "--data",
                                images,
                                "--preprocess",
                                "unit"));
        words.addAll(List.of(more));
        return Run.of(words.toArray());
    }

    private JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private Model written() {
        return new OnnxFormat().read(output);
    }

    private static List<String> operators(Model model) {
        return model.graph().nodes().stream().map(Node::opType).distinct().toList();
    }

    @Test
    void itWritesANetworkOnCodesAndShowsARowForEveryNode() {
        Run run = quantize();
        assertThat(run.err()).isEqualTo(CHOSEN);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(operators(written())).contains("QuantizeLinear", "DequantizeLinear", "Conv");
        assertThat(run.outLines())
                .anyMatch(line -> line.matches("conv +Conv +int8 per axis 0 × uint8"));
        assertThat(run.outLines()).anyMatch(line -> line.matches("relu +Relu +absorbed by .*"));
        assertThat(run.outLines())
                .anyMatch(line -> line.matches("linear +Gemm +int8 per axis 0 × uint8"));
        assertThat(run.out()).contains("flatten", "pool");
        assertThat(run.out()).containsPattern("size +\\d+.* → .* of the float size");
        assertThat(run.out())
                .containsPattern("error +SQNR .* dB, agreement .* on 9 calibration samples");
        assertThat(run.out()).containsPattern("time +\\d");
    }

    @Test
    void aSchemeGivesANodeOtherFormats() {
        Run run = quantize("--scheme", "type:Gemm=w4a8", "--scheme", "conv=float");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(run.outLines())
                .anyMatch(line -> line.matches("linear +Gemm +int4 per axis 0 × uint8"));
        assertThat(run.outLines())
                .anyMatch(line -> line.matches("conv +Conv +float: .* asked by \"conv=float\""));
    }

    @Test
    void itRemembersThePreprocessing() {
        quantize();
        assertThat(written().metadata())
                .containsEntry("nibble.preprocess", "unit,resize=crop")
                .containsEntry("nibble.recipe", "int8");
    }

    @Test
    void itTakesThePreprocessingThatTheNetworkRemembers() {
        OnnxFormat format = new OnnxFormat();
        format.write(
                TinyNetworks.convolutional().withMetadata("nibble.preprocess", "tf,resize=exact"),
                model);
        Run run = Run.of("quantize", model, "-o", output, "--data", images);
        assertThat(run.err()).contains("tf,resize=exact").contains("remembers");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(written().metadata()).containsEntry("nibble.preprocess", "tf,resize=exact");
    }

    @Test
    void theReportHasARowForEveryNodeAndTheMeasurements() throws IOException {
        Path report = folder.resolve("report.json");
        quantize("--json", report);
        JsonNode json = json(report);
        assertThat(json.get("nodes").findValuesAsText("node"))
                .containsExactly("conv", "relu", "pool", "flatten", "linear");
        assertThat(json.at("/nodes/0/decision").textValue()).isEqualTo("quantized");
        assertThat(json.at("/nodes/1/decision").textValue()).isEqualTo("absorbed");
        assertThat(json.at("/seconds").doubleValue()).isPositive();
        assertThat(json.at("/sizeBytes/float").longValue()).isEqualTo(Files.size(model));
        assertThat(json.at("/sizeBytes/quantized").longValue()).isEqualTo(Files.size(output));
        assertThat(json.at("/error/samples").intValue()).isEqualTo(9);
        assertThat(json.at("/error/sqnrDb").doubleValue()).isGreaterThan(20);
        assertThat(json.at("/values/0/clippedShare").isMissingNode()).isFalse();
        assertThat(json.at("/provenance/preprocess").textValue()).isEqualTo("unit,resize=crop");
        assertThat(json.at("/provenance/recipe/name").textValue()).isEqualTo("int8");
        assertThat(json.at("/provenance/engine").textValue()).startsWith("ONNX Runtime");
    }

    @Test
    void jsonOnStandardOutputStandsAlone() throws IOException {
        Run run = quantize("--json", "-");
        assertThat(new ObjectMapper().readTree(run.out()).get("nodes")).hasSize(5);
        assertThat(run.out()).startsWith("{").endsWith("}\n");
    }

    @Test
    void quietSaysNothing() {
        Run run = quantize("--quiet");
        assertThat(run).isEqualTo(new Run(ExitCodes.DONE, "", ""));
        assertThat(output).exists();
    }

    @Test
    void threadsAndBatchesDoNotChangeTheBytes() throws IOException {
        quantize("--threads", "1", "--batch", "1");
        byte[] one = Files.readAllBytes(output);
        quantize("--threads", "2", "--batch", "16", "--force");
        assertThat(Files.readAllBytes(output)).isEqualTo(one);
    }

    @Test
    void fewerSamplesCanBeDrawn() {
        Run run = quantize("--samples", "6", "--seed", "3");
        assertThat(run.out()).contains("on 6 calibration samples");
    }

    @Test
    void nodesAreKeptFloatAsAsked() throws IOException {
        Path report = folder.resolve("report.json");
        Run run = quantize("--keep-float", "type:Gemm", "--json", report);
        assertThat(run.outLines())
                .anyMatch(line ->
                        line.matches("linear +Gemm +float: kept float as asked by \"type:Gemm\""));
        assertThat(json(report).at("/nodes/4/decision").textValue()).isEqualTo("float");
        assertThat(json(report).at("/provenance/recipe/keepFloat/0").textValue())
                .isEqualTo("type:Gemm");
    }

    @Test
    void aGivenRangeClipsAndTheShareIsReported() throws IOException {
        Path report = folder.resolve("report.json");
        Run run = quantize("--range", "relu_out=0,0.25", "--allow-damage", "--json", report);
        assertThat(run.outLines())
                .anyMatch(line -> line.matches("conv_out, relu_out +0 +0.25 +\\d+.\\d %"));
        JsonNode row = row(json(report).get("values"), "conv_out");
        assertThat(row.at("/sharedWith/0").textValue()).isEqualTo("relu_out");
        assertThat(row.get("range").textValue()).startsWith("given range 0.0..0.25");
        assertThat(row.get("max").floatValue()).isEqualTo(0.25f);
        assertThat(row.get("clippedShare").doubleValue()).isBetween(0.01, 1.0);
    }

    private static JsonNode row(JsonNode rows, String value) {
        for (JsonNode row : rows) {
            if (row.get("value").textValue().equals(value)) {
                return row;
            }
        }
        throw new AssertionError("no row for " + value + " in " + rows);
    }

    @Test
    void weightsAloneNeedNoData() throws IOException {
        Path report = folder.resolve("report.json");
        Run run =
                Run.of(
                        "quantize",
                        model,
                        "-o",
                        output,
                        "--recipe",
                        "int8-weights",
                        "--json",
                        report);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out()).contains("computes in float", "on 8 generated inputs");
        assertThat(operators(written()))
                .contains("DequantizeLinear")
                .doesNotContain("QuantizeLinear");
        assertThat(json(report).at("/error/samples").intValue()).isEqualTo(8);
        assertThat(json(report).at("/provenance/preprocess").isNull()).isTrue();
        assertThat(json(report).at("/provenance/recipe/activations").textValue())
                .isEqualTo("float");
    }

    @Test
    void weightsAloneAreMeasuredWhereThereIsData() {
        Run run = quantize("--recipe", "int8-weights");
        assertThat(run.out()).containsPattern("error +SQNR .* on 9 calibration samples");
    }

    @Test
    void aRecipeFileIsFollowed() throws IOException {
        Path recipe =
                Files.writeString(
                        folder.resolve("mine.json"),
                        "{\"weights\": {\"granularity\": \"tensor\"}}");
        Run run = quantize("--recipe", recipe);
        assertThat(run.out()).contains("int8 per tensor × uint8").contains("recipe mine");
    }

    @Test
    void forceReplacesWhatIsThere() throws IOException {
        Files.writeString(output, "old");
        Run run = quantize("--force");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(operators(written())).contains("QuantizeLinear");
    }

    @Test
    void aZipOfImagesWithLabelsDoesAsWell() throws IOException {
        Path labelled = DrawnImages.withLabels(folder.resolve("labelled"), 6);
        Run run =
                Run.of("quantize", model, "-o", output, "--data", labelled, "--preprocess", "unit");
        assertThat(run.err()).isEqualTo(CHOSEN);
        assertThat(run.out()).contains("on 6 calibration samples");
    }

    @Test
    void wordsFitANarrowTerminal() {
        Terminal narrow = new Terminal(true, false, false, 60);
        Run run =
                Run.on(
                        narrow,
                        "quantize",
                        model,
                        "-o",
                        output,
                        "--data",
                        images,
                        "--preprocess",
                        "unit");
        assertThat(run.out().lines().takeWhile(line -> !line.isEmpty()))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(60));
    }
}
