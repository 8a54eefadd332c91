package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Session;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.report.NodeRow;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Networks of one layer with something beside it that exporters seldom write: it passes through
 * quantization untouched.
 */
class UnusualStructureTest {
    private static final int WIDTH = 16;
    private static final double LEAST_DB = 25;

    @TempDir private Path folder;

    /** A layer from x to y, and what else there is. */
    private static final class Made {
        private final List<Node> nodes = new ArrayList<>();
        private final List<ValueInfo> inputs = new ArrayList<>();
        private final List<ValueInfo> outputs = new ArrayList<>();
        private final Map<String, Tensor> constants = new HashMap<>();

        Made() {
            input("x");
            layer("layer", "x", "y");
            output("y");
        }

        Made input(String name) {
            inputs.add(Networks.info(name, DataType.FLOAT32, 1, WIDTH));
            return this;
        }

        Made output(String name) {
            outputs.add(Networks.untyped(name));
            return this;
        }

        Made layer(String name, String from, String to) {
            String weights = "w" + nodes.size();
            constants.put(weights, Preserved.random(Shape.of(WIDTH, WIDTH), nodes.size(), 1));
            return node(name, "Gemm", List.of(from, weights), to);
        }

        Made node(String name, String operator, List<String> from, String to) {
            nodes.add(Node.of(name, operator, from, List.of(to)));
            return this;
        }

        Made add(Node node) {
            nodes.add(node);
            return this;
        }

        Made constant(String name, Tensor tensor) {
            constants.put(name, tensor);
            return this;
        }

        Model model() {
            return Networks.of(nodes, inputs, outputs, constants);
        }
    }

    private static Tensor whole(long... values) {
        return Tensor.ofLongs(Shape.of(values.length), values);
    }

    private static Map<String, Model> networks() {
        Map<String, Model> all = new TreeMap<>();
        all.put("an output that is an input", new Made().output("x").model());
        all.put(
                "an output that is a constant",
                new Made().constant("c", Networks.floats(1, 2, 3)).output("c").model());
        all.put(
                "a part that is not connected",
                new Made().input("u").layer("other", "u", "v").output("v").model());
        all.put(
                "a part without weights that is not connected",
                new Made().input("u").node("alone", "Relu", List.of("u"), "v").output("v").model());
        all.put(
                "a node whose result nobody reads",
                new Made().node("idle", "Relu", List.of("y"), "nobody").model());
        all.put(
                "nodes without names",
                new Made()
                        .node("", "Relu", List.of("y"), "r")
                        .layer("", "r", "z")
                        .output("z")
                        .model());
        all.put(
                "an empty constant that is joined",
                new Made()
                        .constant("nothing", Tensor.ofFloats(Shape.of(1, 0)))
                        .add(
                                Node.of("join", "Concat", List.of("y", "nothing"), List.of("z"))
                                        .with("axis", new Attribute.IntValue(1)))
                        .output("z")
                        .model());
        all.put(
                "an output that is empty",
                new Made()
                        .constant("from", whole(0))
                        .constant("axis", whole(1))
                        .node("cut", "Slice", List.of("y", "from", "from", "axis"), "z")
                        .output("z")
                        .model());
        all.put(
                "a sequence inside",
                new Made()
                        .constant("first", Tensor.ofLongs(Shape.scalar(), 0))
                        .node("pack", "SequenceConstruct", List.of("y", "x"), "s")
                        .node("pick", "SequenceAt", List.of("s", "first"), "z")
                        .output("z")
                        .model());
        return all;
    }

    static Stream<Arguments> cases() {
        return networks().keySet().stream()
                .flatMap(name ->
                        Stream.of(Recipes.INT8, Recipes.INT8_WEIGHTS, Recipes.INT8_DYNAMIC)
                                .map(recipe -> Arguments.of(name, recipe)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void passesThrough(String name, Recipe recipe) {
        Model model = Objects.requireNonNull(networks().get(name));
        Quantizing.Given samples =
                Quantizing.Given.of(
                        12,
                        i -> {
                            Map<String, Tensor> inputs = new HashMap<>();
                            for (ValueInfo input : model.graph().inputs()) {
                                inputs.put(
                                        input.name(),
                                        Preserved.random(Shape.of(1, WIDTH), 100 + i, 1));
                            }
                            return inputs;
                        });
        Quantizing quantizing = Quantizing.of(folder, model, recipe, samples);

        // compares names, types and shapes of all outputs, too
        assertThat(quantizing.sqnrDb()).isGreaterThan(LEAST_DB);
        assertThat(quantizing.quantized().report().nodes())
                .filteredOn(row -> row.operator().equals("Gemm"))
                .isNotEmpty()
                .noneMatch(row -> row.decision().equals("float"));
    }

    /** ONNX Runtime refuses such a network; what Nibble makes of it has names of its own. */
    @Test
    void twoNodesOfOneNameGetTheirOwn() {
        Model model =
                new Made()
                        .node("same", "Relu", List.of("y"), "r")
                        .layer("same", "r", "z")
                        .output("z")
                        .model();
        Quantizing quantizing =
                Quantizing.of(folder, model, Recipes.INT8_WEIGHTS, new Quantizing.Given(List.of()));
        assertThat(quantizing.quantized().report().nodes())
                .extracting(NodeRow::node)
                .hasSize(3)
                .doesNotHaveDuplicates();
        try (Session session =
                Networks.ENGINE.open(quantizing.file(), EngineOptions.SINGLE_THREAD)) {
            Tensor x = Preserved.random(Shape.of(1, WIDTH), 3, 1);
            assertThat(Networks.run(session, Map.of("x", x))).containsOnlyKeys("y", "z");
        }
    }
}
