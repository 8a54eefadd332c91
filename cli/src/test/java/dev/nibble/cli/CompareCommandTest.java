package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code nibble compare} on the embedded MobileNet. */
class CompareCommandTest {
    @TempDir private static Path folder;

    private static DemoFiles demo;
    private static Path network;
    private static Path photos;
    private static Path quantized;

    @BeforeAll
    static void quantize() {
        demo = DemoFiles.into(folder.resolve("demo"));
        network = demo.folder().resolve("mobilenet.onnx");
        photos = demo.folder().resolve("calibrate");
        quantized = folder.resolve("int8.onnx");
        Run run = quantizing(quantized, "--recipe", "int8");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
    }

    private static Run quantizing(Path output, Object... more) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "quantize",
                                network,
                                "-o",
                                output,
                                "--data",
                                photos,
                                "--preprocess",
                                "unit"));
        words.addAll(Arrays.asList(more));
        return Run.of(words.toArray());
    }

    private static JsonNode compare(Path other) throws IOException {
        Run run =
                Run.of("compare", network, other, "--data", photos, "--samples", 24, "--json", "-");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        return new ObjectMapper().readTree(run.out());
    }

    private static JsonNode row(JsonNode comparison, String layer) {
        return comparison
                .get("layers")
                .valueStream()
                .filter(row -> row.get("layer").textValue().equals(layer))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"stem.conv", "stage1.block2.depthwise.conv", "stage2.block1.project.conv"})
    void aLayerSpoiledOnPurposeComesFirstAndItsRemedyRestoresTheAccuracy(String layer)
            throws IOException {
        Path spoiled = Spoiler.multiplyScale(quantized, layer, 4, folder.resolve(layer));

        JsonNode comparison = compare(spoiled);

        JsonNode row = row(comparison, layer);
        assertThat(comparison.at("/worst/0")).isEqualTo(row.get("value"));
        assertThat(comparison.at("/remedy/keepFloat"))
                .extracting(JsonNode::textValue)
                .containsExactly(layer);
        double healthy = compare(quantized).get("sqnrDb").doubleValue();
        assertThat(comparison.get("sqnrDb").doubleValue()).isLessThan(healthy - 10);
        assertThat(comparison.at("/remedy/sqnrDb").doubleValue()).isGreaterThan(healthy - 1);
    }

    @Test
    void theCommandThatIsPrintedCanBePasted() throws IOException {
        String layer = "stage2.block2.expand.conv";
        Path spoiled = Spoiler.multiplyScale(quantized, layer, 4, folder.resolve("pasted.onnx"));
        Run run = Run.of("compare", network, spoiled, "--data", photos, "--samples", 24);
        String command =
                run.outLines().stream()
                        .filter(line -> line.contains("nibble quantize"))
                        .findFirst()
                        .orElseThrow();
        Path repaired = folder.resolve("repaired.onnx");
        Object[] words =
                Arrays.stream(command.strip().split(" "))
                        .skip(1)
                        .map(word ->
                                switch (word) {
                                    case "OUT" -> repaired;
                                    case "DATA" -> photos;
                                    default -> word;
                                })
                        .toArray();
        List<Object> pasted = new ArrayList<>(Arrays.asList(words));
        pasted.addAll(List.of("--preprocess", "unit"));
        assertThat(pasted).contains("--keep-float", layer);
        assertThat(Run.of(pasted.toArray()).exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(compare(repaired).get("sqnrDb").doubleValue()).isGreaterThan(25);
    }

    @Test
    void everyNodeIsInALayerInExecutionOrder() throws IOException {
        JsonNode comparison = compare(quantized);
        assertThat(comparison.get("unmatched")).isEmpty();
        JsonNode stem = comparison.at("/layers/0");
        assertThat(stem.get("nodes"))
                .extracting(JsonNode::textValue)
                .containsExactly("stem.conv", "stem.norm", "stem.relu6");
        // nothing has accumulated in front of the first layer
        assertThat(stem.get("accumulatedSqnrDb").doubleValue())
                .isCloseTo(stem.get("addedSqnrDb").doubleValue(), Offset.offset(0.1));
        assertThat(row(comparison, "stage1.block2.add").get("weightSqnrDb").isNull()).isTrue();
        assertThat(row(comparison, "classifier").get("weightSqnrDb").doubleValue())
                .isBetween(35.0, 60.0);
    }

    @Test
    void theFloatNetworkBesideItselfHasNoError() throws IOException {
        JsonNode comparison = compare(network);
        assertThat(comparison.get("layers"))
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(row.get("accumulatedNoise").doubleValue()).isZero();
                    assertThat(row.get("addedNoise").doubleValue()).isZero();
                });
        assertThat(comparison.get("remedy").isNull()).isTrue();
    }

    @Test
    void theWorstCanBeShownFirstAndAlone() {
        Path spoiled =
                Spoiler.multiplyScale(
                        quantized, "stage3.block1.project.conv", 4, folder.resolve("top.onnx"));
        Run run =
                Run.of(
                        "compare",
                        network,
                        spoiled,
                        "--data",
                        photos,
                        "--samples",
                        8,
                        "--sort",
                        "worst",
                        "--top",
                        2);
        assertThat(run.outLines().get(1)).startsWith("stage3.block1.project.conv ");
        assertThat(run.outLines().get(3)).isEmpty();
    }

    @Test
    void equalizedChannelsAreNotTakenForErrors() throws IOException {
        Path equalized = folder.resolve("equalized.onnx");
        Run run =
                quantizing(
                        equalized,
                        "--recipe",
                        "int8-per-tensor",
                        "--passes",
                        "CrossLayerEqualization,BiasCorrection");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        JsonNode comparison = compare(equalized);
        double whole = comparison.get("sqnrDb").doubleValue();
        assertThat(whole).isGreaterThan(10);
        assertThat(comparison.get("layers"))
                .allSatisfy(row ->
                        assertThat(row.get("accumulatedSqnrDb").doubleValue()).isGreaterThan(5));
    }

    @Test
    void aNetworkOfAnotherInputIsRefused() {
        Path other = TinyNetworks.write(folder.resolve("tiny.onnx"));
        Run run = Run.of("compare", network, other, "--data", photos, "--preprocess", "unit");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("float32 [1×3×32×32] was given");
    }
}
