package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.onnxruntime.Quantizing.Given;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.prepare.Preparation;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Networks with layers inside of If and Loop. */
class SubgraphTest {
    private static final Tensor WEIGHTS = Preserved.random(Shape.of(8, 8), 1, 1);

    @TempDir private Path folder;

    static Stream<Recipe> recipes() {
        return Stream.of(
                Recipes.INT8_WEIGHTS, Recipes.INT4_WEIGHTS, Recipes.INT8, Recipes.INT8_DYNAMIC);
    }

    /** A product in front of an If whose branches multiply by weights of the same names. */
    private static Model branches() {
        Graph then =
                Graph.of(
                        "then",
                        List.of(
                                constant("w", WEIGHTS),
                                Node.of("mul", "MatMul", List.of("h", "w"), List.of("a")),
                                Node.of("add", "Add", List.of("a", "b"), List.of("then_y"))),
                        List.of(),
                        List.of(Networks.info("then_y", DataType.FLOAT32, "N", 8)),
                        Map.of("b", Preserved.random(Shape.of(8), 2, 1)));
        Graph otherwise =
                Graph.of(
                        "else",
                        List.of(
                                Node.of("", "Gemm", List.of("h", "w", "b"), List.of("g")),
                                Node.of("", "MatMul", List.of("g", "same"), List.of("else_y"))),
                        List.of(),
                        List.of(Networks.info("else_y", DataType.FLOAT32, "N", 8)),
                        Map.of(
                                "w",
                                Preserved.random(Shape.of(8, 8), 3, 1),
                                "b",
                                Preserved.random(Shape.of(8), 4, 1),
                                "same",
                                WEIGHTS));
        return Networks.of(
                List.of(
                        Node.of("first", "MatMul", List.of("x", "w0"), List.of("h")),
                        Node.of("choose", "If", List.of("flag"), List.of("y"))
                                .with("then_branch", new GraphValue(then))
                                .with("else_branch", new GraphValue(otherwise))),
                List.of(
                        Networks.info("x", DataType.FLOAT32, "N", 8),
                        Networks.info("flag", DataType.BOOL)),
                List.of(Networks.info("y", DataType.FLOAT32, "N", 8)),
                Map.of("w0", Preserved.random(Shape.of(8, 8), 5, 1)));
    }

    private static Node constant(String name, Tensor value) {
        return Node.of(name, "Constant", List.of(), List.of(name))
                .with("value", new TensorValue(value));
    }

    private static Given flags() {
        return Given.of(
                8,
                i ->
                        Map.of(
                                "x",
                                Preserved.random(Shape.of(2, 8), 20 + i, 1),
                                "flag",
                                Tensor.ofBytes(DataType.BOOL, Shape.scalar(), (byte) (i % 2))));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void quantizesTheWeightsOfBothBranches(Recipe recipe) {
        Quantizing done = Quantizing.of(folder, branches(), recipe, flags());

        assertThat(done.sqnrDb()).isGreaterThan(recipe.equals(Recipes.INT4_WEIGHTS) ? 12 : 25);
        assertThat(done.decision("choose/then_branch/mul")).isEqualTo("weights");
        assertThat(done.decision("choose/else_branch/Gemm_0")).isEqualTo("weights");
        assertThat(done.decision("choose/else_branch/MatMul_1")).isEqualTo("weights");
        assertThat(done.decision("choose/then_branch/add")).isEqualTo("float");
    }

    @Test
    void saysWhyOnlyTheWeightsAreCodes() {
        Quantizing done = Quantizing.of(folder, branches(), Recipes.INT8, flags());

        assertThat(done.decision("first")).isEqualTo("quantized");
        assertThat(done.row("choose/then_branch/mul").reason())
                .isEqualTo("values inside a subgraph are not observed");
        assertThat(done.row("choose/then_branch/add").reason())
                .isEqualTo("values inside a subgraph are not observed");
        assertThat(done.row("choose/then_branch/mul").format()).startsWith("int8 per axis");
    }

    @Test
    void leavesNodesOfASubgraphFloatThatAPatternNames() {
        Recipe recipe =
                Recipes.INT8_WEIGHTS.keepingFloat(List.of(new NamePattern("choose/then_branch/*")));
        Quantizing done = Quantizing.of(folder, branches(), recipe, flags());

        assertThat(done.decision("choose/then_branch/mul")).isEqualTo("float");
        assertThat(done.decision("choose/else_branch/Gemm_0")).isEqualTo("weights");
    }

    @Test
    void storesOneCopyOfWeightsThatBranchesShare() {
        Preparation prepared = Quantizing.prepared(branches(), flags(), 0);

        assertThat(
                        prepared.model().graph().constants().values().stream()
                                .filter(WEIGHTS::equals)
                                .count())
                .isOne();
        assertThat(prepared.notes())
                .anySatisfy(note ->
                        assertThat(note.what())
                                .isEqualTo(
                                        "moved 4 constants of subgraphs to the main graph; 1 more"
                                                + " were the same as others (256 bytes)"));
    }

    @Test
    void quantizesTheWeightsOfALoop() {
        Graph body =
                Graph.of(
                        "body",
                        List.of(
                                Node.of("keep", "Identity", List.of("go"), List.of("go_on")),
                                Node.of("mul", "MatMul", List.of("s", "w"), List.of("m")),
                                Node.of("tanh", "Tanh", List.of("m"), List.of("s_next"))),
                        List.of(
                                Networks.info("i", DataType.INT64),
                                Networks.info("go", DataType.BOOL),
                                Networks.info("s", DataType.FLOAT32, "N", 8)),
                        List.of(
                                Networks.info("go_on", DataType.BOOL),
                                Networks.info("s_next", DataType.FLOAT32, "N", 8)),
                        Map.of("w", WEIGHTS));
        Model model =
                Networks.of(
                        List.of(
                                Node.of("repeat", "Loop", List.of("count", "", "x"), List.of("y"))
                                        .with("body", new GraphValue(body))),
                        List.of(Networks.info("x", DataType.FLOAT32, "N", 8)),
                        List.of(Networks.info("y", DataType.FLOAT32, "N", 8)),
                        Map.of("count", Tensor.ofLongs(Shape.scalar(), 3)));
        Given samples = Given.of(4, i -> Map.of("x", Preserved.random(Shape.of(2, 8), 30 + i, 1)));

        Quantizing done = Quantizing.of(folder, model, Recipes.INT8_WEIGHTS, samples);

        assertThat(done.decision("repeat/body/mul")).isEqualTo("weights");
        assertThat(done.sqnrDb()).isGreaterThan(25);
    }
}
