package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class SoundnessCommandTest {
    @TempDir private Path folder;

    private Path output;
    private Path report;

    @BeforeEach
    void name() {
        output = folder.resolve("small.onnx");
        report = folder.resolve("report.json");
    }

    @Test
    void measuresWeightsAloneOnInputsMadeUpAndSaysSo() throws IOException {
        Path model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        // no recipe is named: weights alone suit convolutions without samples
        Run run = quantize(model, "--json", report);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(run.err()).contains("recipe int8-weights: there are no samples", "--data");
        assertThat(run.out())
                .containsPattern("error +SQNR [0-9.]+ dB")
                .contains("on 8 generated inputs", "as no samples were given");
        JsonNode json = new ObjectMapper().readTree(Files.readString(report));
        assertThat(json.at("/error/sqnrDb").doubleValue()).isGreaterThan(20);
        assertThat(json.at("/soundness/generated").booleanValue()).isTrue();
        assertThat(json.at("/soundness/outputs/scores/sqnrDb").doubleValue()).isGreaterThan(20);
        assertThat(json.at("/soundness/damages")).isEmpty();
    }

    @Test
    void refusesWhatHasLostItsSignal() throws IOException {
        Path model = write(lopsided());
        Run run = quantize(model, "--recipe", "int8-per-tensor", "--data", "random");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err())
                .contains("recipe int8-per-tensor would damage " + model)
                .contains("output y: SQNR is ")
                .contains("below 5")
                .contains("--keep-float 'gemm'")
                .contains("--allow-damage");
        assertThat(output).doesNotExist();
        Run allowed =
                quantize(
                        model,
                        "--recipe",
                        "int8-per-tensor",
                        "--data",
                        "random",
                        "--allow-damage",
                        "--json",
                        report);
        assertThat(allowed.exitCode()).as(allowed.err()).isEqualTo(ExitCodes.DONE);
        assertThat(allowed.out()).containsPattern("damage +output y: SQNR is ");
        JsonNode json = new ObjectMapper().readTree(Files.readString(report));
        assertThat(json.at("/soundness/damages")).hasSize(1);
        assertThat(output).exists();
    }

    @Test
    void refusesWhatTheRuntimeDoesNotLoad() {
        Path model = write(withOperatorOfSomebody());
        Run run = quantize(model, "--recipe", "int8-weights");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("ONNX Runtime cannot load", "somebody");
        assertThat(output).doesNotExist();
        Run allowed = quantize(model, "--recipe", "int8-weights", "--allow-damage");
        assertThat(allowed.exitCode()).as(allowed.err()).isEqualTo(ExitCodes.DONE);
        assertThat(allowed.out()).containsPattern("error +not checked: ONNX Runtime cannot load");
    }

    @Test
    void saysWhyItCouldNotCheck() throws IOException {
        Model tiny = gemm(new ValueInfo.UnrankedTensor(DataType.FLOAT32), rows(1, 2, 3, 4));
        Run run = quantize(write(tiny), "--recipe", "int8-weights", "--json", report);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .containsPattern(
                        "error +not checked: no inputs can be made up for .*: its input \"x\" does"
                                + " not say how many axes it has");
        JsonNode json = new ObjectMapper().readTree(Files.readString(report));
        assertThat(json.at("/soundness/unchecked").textValue()).contains("made up");
        assertThat(json.get("error").isNull()).isTrue();
    }

    private Run quantize(Path model, Object... options) {
        Object[] words = new Object[4 + options.length];
        words[0] = "quantize";
        words[1] = model;
        words[2] = "-o";
        words[3] = output;
        System.arraycopy(options, 0, words, 4, options.length);
        return Run.of(words);
    }

    private Path write(Model model) {
        Path file = folder.resolve("model.onnx");
        new OnnxFormat().write(model, file);
        return file;
    }

    /** Two channels of which only the one is used that is a hundred thousand times smaller. */
    private static Model lopsided() {
        Model model =
                gemm(
                        ValueInfo.ofTensor(
                                        "x", DataType.FLOAT32, Dimension.of("N"), Dimension.of(2))
                                .type(),
                        rows(1e5f, 1, -1e5f, 1));
        return model.map(graph ->
                graph.edit(editor -> {
                    editor.insertLast(
                            Node.of("pick", "Gather", List.of("z", "second"), List.of("y"))
                                    .with("axis", new Attribute.IntValue(1)));
                    editor.constant("second", Tensor.ofLongs(Shape.of(1), 1));
                    editor.outputs(
                            List.of(
                                    ValueInfo.ofTensor(
                                            "y",
                                            DataType.FLOAT32,
                                            Dimension.of("N"),
                                            Dimension.of(1))));
                }));
    }

    private static Model withOperatorOfSomebody() {
        Model model =
                gemm(
                        ValueInfo.ofTensor(
                                        "x", DataType.FLOAT32, Dimension.of("N"), Dimension.of(2))
                                .type(),
                        rows(1, 2, 3, 4));
        Node own =
                new Node(
                        "own",
                        "Twist",
                        "somebody",
                        List.of("z"),
                        List.of("y"),
                        Map.of(),
                        Extras.NONE);
        return model.map(graph ->
                        graph.edit(editor -> {
                            editor.insertLast(own);
                            editor.outputs(List.of(output("y")));
                        }))
                .withOpset("somebody", 1, 8);
    }

    private static Model gemm(ValueInfo.ValueType input, Tensor weights) {
        Graph graph =
                Graph.of(
                        "rows",
                        List.of(Node.of("gemm", "Gemm", List.of("x", "w"), List.of("z"))),
                        List.of(ValueInfo.of("x", input)),
                        List.of(output("z")),
                        Map.of("w", weights));
        return new Model(graph, 8, Map.of("", 13L), Map.of(), Extras.NONE);
    }

    private static ValueInfo output(String name) {
        return ValueInfo.ofTensor(name, DataType.FLOAT32, Dimension.of("N"), Dimension.of(2));
    }

    private static Tensor rows(float... values) {
        return Tensor.ofFloats(Shape.of(values.length / 2, 2), values);
    }
}
