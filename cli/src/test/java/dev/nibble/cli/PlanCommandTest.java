package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How {@code nibble quantize} saves a plan, and what it makes of one that was edited. */
class PlanCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private Path model;
    private Path images;
    private Path output;
    private Path again;
    private Path plan;

    @BeforeEach
    void drawAndWrite() throws IOException {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        images = DrawnImages.inClassFolders(folder.resolve("images"), 5);
        output = folder.resolve("small.onnx");
        again = folder.resolve("again.onnx");
        plan = folder.resolve("plan.json");
    }

    private Run quantize(Path written, Object... more) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "quantize",
                                model,
                                "-o",
                                written,
                                "--data",
                                images,
                                "--preprocess",
                                "unit"));
        words.addAll(List.of(more));
        return Run.of(words.toArray());
    }

    private static void assertDone(Run run) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
    }

    private JsonNode save(Object... more) throws IOException {
        List<Object> words = new ArrayList<>(List.of(more));
        words.addAll(List.of("--save-plan", plan));
        assertDone(quantize(output, words.toArray()));
        return JSON.readTree(plan.toFile());
    }

    private void edit(Consumer<ObjectNode> change) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(plan.toFile());
        change.accept(root);
        JSON.writeValue(plan.toFile(), root);
    }

    private static ObjectNode entry(JsonNode root, String list, String field, String name) {
        for (JsonNode entry : root.get(list)) {
            if (entry.get(field).textValue().equals(name)) {
                return (ObjectNode) entry;
            }
        }
        throw new AssertionError(list + " has no " + name);
    }

    private static ObjectNode node(JsonNode root, String name) {
        return entry(root, "nodes", "node", name);
    }

    private static ObjectNode value(JsonNode root, String name) {
        return entry(root, "activations", "value", name);
    }

    private Graph replayed() {
        assertDone(quantize(again, "--plan", plan));
        return new OnnxFormat().read(again).graph();
    }

    private void assertRefused(int exitCode, String... parts) {
        Run run = quantize(again, "--plan", plan);
        assertThat(run.err()).contains(parts).doesNotContain("Exception");
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(again).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--recipe int8",
                "--recipe w4a8 --effort good",
                "--recipe w4a4 --passes BiasCorrection,RangeSearch",
                "--recipe int8 --scheme linear=float --range conv_out=0,3 --calibrator mse",
                "--recipe int8-weights"
            })
    void aReplayMakesTheSameBytes(String options) throws IOException {
        save((Object[]) options.split(" "));
        replayed();
        assertThat(again).hasSameBinaryContentAs(output);
    }

    @Test
    void formatsThatASearchChoseAreReplayed() throws IOException {
        Path narrow =
                Files.writeString(
                        folder.resolve("narrow.json"),
                        "{\"weights\": {\"format\": \"int4\"}, \"edges\": \"same\"}");
        Object[] words = {
            "--recipe", narrow, "--min-sqnr", 100, "--allow-miss", "--save-plan", plan
        };
        assertThat(quantize(output, words).exitCode()).isEqualTo(ExitCodes.LIMIT_MISSED);
        assertThat(JSON.readTree(plan.toFile()).at("/recipe/schemes")).isNotEmpty();
        replayed();
        assertThat(again).hasSameBinaryContentAs(output);
        Run missed = quantize(again, "--plan", plan, "--min-sqnr", 100, "--force", "--allow-miss");
        assertThat(missed.exitCode()).isEqualTo(ExitCodes.LIMIT_MISSED);
        assertThat(again).hasSameBinaryContentAs(output);
    }

    @Test
    void aReplayKeepsTheSplitOfSamples() throws IOException {
        Path others = DrawnImages.inClassFolders(folder.resolve("others"), 2);
        JsonNode saved = save("--val", others);
        assertThat(saved.at("/samples/heldOut").intValue()).isZero();
        replayed();
        assertThat(again).hasSameBinaryContentAs(output);
        save("--force");
        assertDone(quantize(again, "--plan", plan, "--val", others, "--force"));
        assertThat(again).hasSameBinaryContentAs(output);
    }

    @Test
    void aReplaySavesThePlanAgain() throws IOException {
        JsonNode saved = save("--recipe", "w4a8");
        Path second = folder.resolve("second.json");
        assertDone(quantize(again, "--plan", plan, "--save-plan", second));
        assertThat(JSON.readTree(second.toFile())).isEqualTo(saved);
    }

    @Test
    void aRangeThatAPassChoseIsSavedBesideTheCalibratedOne() throws IOException {
        JsonNode saved = save("--recipe", "w4a4", "--passes", "RangeSearch");
        assertThat(saved.get("activations").findValues("calibrated")).isNotEmpty();
        // without the pass it is the saved range all the same
        edit(root -> root.putArray("passes"));
        Path second = folder.resolve("second.json");
        assertDone(quantize(again, "--plan", plan, "--save-plan", second));
        assertThat(JSON.readTree(second.toFile()).get("activations"))
                .isEqualTo(saved.get("activations"));
    }

    @Test
    void aPlanTellsOfNodesAndValues() throws IOException {
        JsonNode saved = save("--recipe", "w4a8");
        assertThat(saved.get("network").textValue()).hasSize(64);
        assertThat(saved.at("/samples/given").intValue()).isEqualTo(15);
        assertThat(saved.at("/samples/heldOut").intValue()).isEqualTo(3);
        assertThat(saved.at("/samples/fitted").intValue()).isEqualTo(15);
        assertThat(node(saved, "conv").get("decision").textValue()).isEqualTo("quantized");
        assertThat(node(saved, "conv").at("/weights/granularity").textValue()).isEqualTo("channel");
        assertThat(node(saved, "relu").get("decision").textValue()).isEqualTo("absorbed");
        assertThat(value(saved, "input").get("format").textValue()).isEqualTo("uint8");
        assertThat(value(saved, "conv_out").get("sharedWith")).hasToString("[\"relu_out\"]");
    }

    @Test
    void aNodeEditedToFloatStaysFloat() throws IOException {
        save();
        edit(root -> node(root, "linear").put("decision", "float"));
        Graph graph = replayed();
        Node linear = graph.producer("scores").orElseThrow();
        assertThat(linear.operator()).isEqualTo("Gemm");
        assertThat(graph.constant(linear.input(1)).orElseThrow().type())
                .isEqualTo(DataType.FLOAT32);
    }

    @Test
    void aValueWhoseReaderBecameFloatIsMeasuredAnewWhereItsRangeWasAnothers() throws IOException {
        JsonNode saved = save();
        edit(root -> node(root, "relu").put("decision", "float"));
        Path second = folder.resolve("second.json");
        assertDone(quantize(again, "--plan", plan, "--save-plan", second));
        // before, the range of conv_out was that of relu_out, which is never negative
        assertThat(value(saved, "conv_out").get("zeroPoint").intValue()).isZero();
        assertThat(value(JSON.readTree(second.toFile()), "conv_out").get("zeroPoint").intValue())
                .isPositive();
    }

    @Test
    void weightsEditedToAnotherFormatHaveIt() throws IOException {
        save();
        assertThat(weightTypes(new OnnxFormat().read(output).graph()))
                .doesNotContain(DataType.INT4);
        edit(root -> ((ObjectNode) node(root, "conv").get("weights")).put("format", "int4"));
        assertThat(weightTypes(replayed())).contains(DataType.INT4);
    }

    private static List<DataType> weightTypes(Graph graph) {
        return graph.constants().values().stream().map(constant -> constant.type()).toList();
    }

    @Test
    void aScaleAndZeroPointAreTakenAsTheyAreWritten() throws IOException {
        save("--recipe", "w4a4", "--passes", "BiasCorrection,RangeSearch");
        float scale = 0.12345679f;
        edit(root -> value(root, "input").put("scale", scale).put("zeroPoint", 3));
        Graph graph = replayed();
        Node quantize = graph.consumers("input").getFirst();
        assertThat(graph.constant(quantize.input(1)).orElseThrow().floats()).containsOnly(scale);
        assertThat(new OnnxFormat().read(output).graph().constants().values())
                .noneMatch(constant ->
                        constant.type() == DataType.FLOAT32
                                && constant.elements() == 1
                                && constant.floats()[0] == scale);
    }

    @Test
    void aFormatWithoutAScaleIsMeasured() throws IOException {
        save();
        edit(root -> {
            ObjectNode input = value(root, "input");
            input.put("format", "uint16");
            input.remove(List.of("scale", "zeroPoint"));
        });
        Path second = folder.resolve("second.json");
        assertDone(quantize(again, "--plan", plan, "--save-plan", second));
        ObjectNode input = value(JSON.readTree(second.toFile()), "input");
        assertThat(input.get("format").textValue()).isEqualTo("uint16");
        // 255 times the input, whose samples lie between 0 and 1
        assertThat(input.get("scale").floatValue()).isBetween(0.5f / 65535, 1.1f / 65535);
    }

    @Test
    void aZeroPointBeyondTheFormatIsRefused() throws IOException {
        save();
        edit(root -> value(root, "input").put("zeroPoint", 300));
        assertRefused(ExitCodes.FAILED, "activations[", "value input", "zero point 300", "0..255");
    }

    @Test
    void aNodeThatCannotBeQuantizedIsRefused() throws IOException {
        save("--recipe", "int8-weights");
        edit(root -> node(root, "relu").put("decision", "quantized"));
        assertRefused(
                ExitCodes.FAILED, "node relu", "int8-weights measures no ranges of activations");
    }

    @Test
    void aNodeThatCannotBeAbsorbedIsRefused() throws IOException {
        save();
        edit(root -> node(root, "linear").put("decision", "absorbed"));
        assertRefused(
                ExitCodes.FAILED, "node linear cannot be \"absorbed\"", "it is \"quantized\"");
    }

    @Test
    void aPlanForAnotherNetworkIsRefusedWithTheNodesThatAreMissing() throws IOException {
        save();
        edit(root -> node(root, "linear").put("node", "classifier"));
        assertRefused(
                ExitCodes.FAILED, "1 nodes that the network does not have: classifier", "SHA-256");
    }

    @Test
    void aValueThatIsNotQuantizedIsRefused() throws IOException {
        save();
        edit(root ->
                ((ArrayNode) root.get("activations"))
                        .addObject()
                        .put("value", "logits")
                        .put("format", "uint8"));
        assertRefused(ExitCodes.FAILED, "value logits", "take it out");
    }

    @Test
    void whoSharesCodesCannotBeEdited() throws IOException {
        save();
        edit(root -> value(root, "conv_out").remove("sharedWith"));
        assertRefused(ExitCodes.FAILED, "value conv_out", "relu_out", "made float");
    }

    @Test
    void anUnknownFieldIsRefused() throws IOException {
        save();
        edit(root -> node(root, "conv").put("decison", "float"));
        assertRefused(ExitCodes.FAILED, "decison", "did you mean \"decision\"?");
    }

    @Test
    void anotherNetworkWithTheSameNodesIsNoted() throws IOException {
        save();
        edit(root -> root.put("network", "0".repeat(64)));
        Run run = quantize(again, "--plan", plan);
        assertDone(run);
        assertThat(run.err()).contains("another network with the same nodes");
        assertThat(again).hasSameBinaryContentAs(output);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--recipe int8",
                "--calibrator mse",
                "--range conv_out=0,6",
                "--scheme conv=float",
                "--effort quick",
                "--passes none",
                "--max-size 0.5"
            })
    void whatAPlanSaysAlreadyCannotBeSaidBesideIt(String options) throws IOException {
        save();
        List<Object> words = new ArrayList<>(List.of((Object[]) options.split(" ")));
        words.addAll(List.of("--plan", plan));
        Run run = quantize(again, words.toArray());
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains(options.split(" ")[0], "contradicts --plan");
    }

    @Test
    void aNodeThatShallStayFloatLeavesTheCodesOfThePlan() throws IOException {
        save();
        edit(root -> node(root, "linear").put("decision", "float"));
        assertDone(quantize(output.resolveSibling("edited.onnx"), "--plan", plan));
        save("--force");

        assertDone(quantize(again, "--plan", plan, "--keep-float", "line*"));

        assertThat(again).hasSameBinaryContentAs(output.resolveSibling("edited.onnx"));
    }

    @Test
    void aPatternThatMatchesNoNodeOfThePlanIsRefused() throws IOException {
        save();
        Run run = quantize(again, "--plan", plan, "--keep-float", "nothing");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err())
                .contains("keep-float pattern \"nothing\" matches no node of the plan");
    }

    @Test
    void aPatternThatOnlyMatchesAbsorbedNodesIsRefused() throws IOException {
        save();
        Run run = quantize(again, "--plan", plan, "--keep-float", "type:Relu");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("type:Relu", "name the node that it went into");
    }

    @Test
    void aPlanIsNotWrittenOverAnotherFile() throws IOException {
        Files.writeString(plan, "mine");
        Run run = quantize(output, "--save-plan", plan);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains(plan.toString(), "exists", "--force");
        assertThat(output).doesNotExist();
        assertThat(plan).hasContent("mine");
    }
}
