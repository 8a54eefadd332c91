package dev.nibble.opset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatList;
import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.TestGraphs;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the rewrites write, and what they refuse; that it computes the same is run elsewhere. */
class OpsetUpgradeTest {
    private static TestGraphs node(String line) {
        return TestGraphs.graph().input("x").node(line).output("y");
    }

    private static String raised(TestGraphs graph, long from, long to) {
        return TestGraphs.text(OpsetUpgrade.raise(graph.model(from), to).graph());
    }

    private static void isRefused(TestGraphs graph, long from, String... words) {
        assertThatThrownBy(() -> OpsetUpgrade.raise(graph.model(from), 21))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("cannot be raised to ONNX opset")
                .hasMessageContainingAll(words);
    }

    @Test
    void axesOfReductionsBecomeAConstant() {
        Model model = node("mean: ReduceMean(x) -> y").with("axes", List.of(2L, 3L)).model(17);
        Model raised = OpsetUpgrade.raise(model, 21);
        assertThat(raised.opset()).isEqualTo(21);
        assertThat(TestGraphs.text(raised.graph())).isEqualTo("mean: ReduceMean(x, y_axes) -> y\n");
        assertThat(raised.graph().constant("y_axes").orElseThrow().longs()).containsExactly(2, 3);
        assertThat(raised.graph().nodes().getFirst().attributes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ReduceMean, 11, 13, ReduceMean(x)", "ReduceSum, 11, 13, 'ReduceSum(x, y_axes)'"})
    void onlyTheVersionsInBetweenCount(String type, long from, long to, String expected) {
        TestGraphs graph = node("r: " + type + "(x) -> y").with("axes", List.of(1L));
        assertThat(raised(graph, from, to)).isEqualTo("r: " + expected + " -> y\n");
    }

    @Test
    void aModelThatHasTheVersionIsLeftAlone() {
        Model model = node("r: Relu(x) -> y").model(17);
        assertThat(OpsetUpgrade.raise(model, 13)).isSameAs(model);
    }

    @ParameterizedTest
    @CsvSource({"13, 7", "15, 8", "19, 9", "21, 10", "24, 12"})
    void theFileFormatGrowsWithTheOperatorSet(long wanted, long format) {
        Graph graph = node("r: Relu(x) -> y").build();
        Model old = new Model(graph, 3, Map.of("ai.onnx", 7L), Map.of(), Extras.NONE);
        assertThat(OpsetUpgrade.raise(old, wanted).irVersion()).isEqualTo(format);
    }

    @Test
    void otherOperatorSetsKeepTheirVersions() {
        Node own =
                new Node("f", "Softmax", "my", List.of("x"), List.of("y"), Map.of(), Extras.NONE);
        Graph graph = Graph.of("g", List.of(own), List.of(), List.of(), Map.of());
        Model old = new Model(graph, 7, Map.of("my", 1L), Map.of(), Extras.NONE);
        Model raised = OpsetUpgrade.raise(old, 21);
        assertThat(raised.opsets()).isEqualTo(Map.of("", 21L, "my", 1L));
        assertThat(raised.graph().nodes()).containsExactly(own);
    }

    @Test
    void aVersionThatNobodyKnowsIsACallersMistake() {
        Model model = node("r: Relu(x) -> y").model(13);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpsetUpgrade.raise(model, 99))
                .withMessageContaining("opset 99 is not known");
    }

    @Test
    void nodesInsideOfBranchesAreRewrittenToo() {
        Graph branch =
                Graph.of(
                        "then",
                        List.of(
                                Node.of("s", "Squeeze", List.of("x"), List.of("z"))
                                        .with("axes", new Attribute.IntList(List.of(0L)))),
                        List.of(),
                        List.of(ValueInfo.of("z", new ValueInfo.UnrankedTensor(DataType.FLOAT32))),
                        Map.of());
        TestGraphs graph =
                node("choose: If(x) -> y")
                        .with("then_branch", new GraphValue(branch))
                        .with("else_branch", new GraphValue(branch));
        Graph raised = OpsetUpgrade.raise(graph.model(11), 13).graph();
        Set<String> constants = new HashSet<>();
        raised.nodes()
                .getFirst()
                .subgraphs()
                .forEach(inner -> {
                    assertThat(inner.nodes().getFirst().inputs()).hasSize(2);
                    constants.addAll(inner.constants().keySet());
                });
        assertThat(constants).containsExactlyInAnyOrder("z_axes", "z_axes_1");
    }

    @Test
    void softmaxOverTheLastAxisStaysOneNode() {
        TestGraphs graph =
                TestGraphs.graph()
                        .input("x")
                        .constant("w", Shape.of(2, 3), 1)
                        .node("m: Gemm(x, w) -> h")
                        .node("s: Softmax(h) -> y")
                        .output("y");
        assertThat(raised(graph, 11, 13)).endsWith("s: Softmax(h) -> y\n");
    }

    @Test
    void softmaxOverSeveralAxesGoesThroughAMatrix() {
        assertThat(raised(node("s: Softmax(x) -> y"), 11, 13))
                .isEqualTo(
                        """
                        y_matrix_Flatten: Flatten(x) -> y_matrix
                        y_shape_Shape: Shape(x) -> y_shape
                        s: Softmax(y_matrix) -> y_flat
                        y_Reshape: Reshape(y_flat, y_shape) -> y
                        """);
    }

    @Test
    void upsamplingBecomesResizing() {
        TestGraphs graph =
                node("up: Upsample(x) -> y").with("scales", new FloatList(List.of(1f, 1f, 2f, 2f)));
        Node node = OpsetUpgrade.raise(graph.model(7), 13).graph().nodes().getFirst();
        assertThat(node.opType()).isEqualTo("Resize");
        assertThat(node.inputs()).containsExactly("x", "", "y_scales");
        assertThat(node.text("nearest_mode")).contains("floor");
    }

    @Test
    void resizingByFactorsOfARunRoundsGrowingAndShrinkingAxesEachTheirWay() {
        assertThat(
                        raised(
                                TestGraphs.graph()
                                        .input("x")
                                        .input("f")
                                        .node("up: Resize(x, f) -> y")
                                        .output("y"),
                                10,
                                13))
                .contains(
                        "Resize(x, , y_growing) -> y_grown", "up: Resize(y_grown, , y_shrinking)");
    }

    @Test
    void boundsOfClipTakeTheTypeOfTheValue() {
        TestGraphs graph = node("c: Clip(h) -> y").with("min", new Attribute.FloatValue(0));
        TestGraphs half =
                TestGraphs.graph()
                        .input("x")
                        .node("h: Cast(x) -> h")
                        .with("to", 10)
                        .node("c: Clip(h) -> y")
                        .with("min", new Attribute.FloatValue(0))
                        .output("y");
        Graph raised = OpsetUpgrade.raise(half.model(9), 13).graph();
        assertThat(raised.constant("y_min").orElseThrow().type()).isEqualTo(DataType.FLOAT16);
        isRefused(graph, 9, "node c (Clip)", "type of its input h", "shape inference");
    }

    @Test
    void aConstantThatMeetsTheChannelsGetsMoreAxes() {
        TestGraphs graph =
                TestGraphs.graph()
                        .constant("w", Shape.of(4, 4, 1, 1), 1)
                        .constant("b", Shape.of(4), 1)
                        .input("x")
                        .node("c: Conv(x, w) -> h")
                        .node("a: Add(h, b) -> y")
                        .with("broadcast", 1)
                        .with("axis", 1)
                        .output("y");
        isRefused(graph, 6, "node a (Add)", "rank of its input h");
        Graph known =
                graph.build()
                        .edit(editor ->
                                editor.value(
                                        ValueInfo.ofTensor(
                                                "h",
                                                DataType.FLOAT32,
                                                Dimension.of("n"),
                                                Dimension.of(4),
                                                Dimension.of(8),
                                                Dimension.of(8))));
        Model raised = OpsetUpgrade.raise(graph.model(6).with(known), 13);
        assertThat(raised.graph().constant("y_broadcast").orElseThrow().shape())
                .isEqualTo(Shape.of(4, 1, 1));
    }

    @Test
    void trainingIsRefused() {
        isRefused(node("d: Dropout(x) -> y"), 6, "node d (Dropout)", "trains", "is_test");
    }

    @Test
    void whatHasNoEqualIsRefused() {
        isRefused(
                node("r: Resize(x, a, b) -> y")
                        .with(
                                "coordinate_transformation_mode",
                                new StringValue("tf_half_pixel_for_nn"))
                        .with("nearest_mode", new StringValue("ceil")),
                11,
                "node r (Resize)",
                "tf_half_pixel_for_nn",
                "half_pixel");
        isRefused(node("s: Scan(x, x) -> y"), 8, "node s (Scan)", "sequence_lens");
        isRefused(node("t: Tile(x, x, x) -> y"), 1, "node t (Tile)", "opset 6");
        isRefused(node("t: Split(x, x) -> y"), 1, "node t (Split)", "opset 13");
        isRefused(node("c: Cast(x) -> y").with("to", new StringValue("REAL")), 1, "\"REAL\"");
        isRefused(
                node("p: LpPool(x) -> y").with("p", new Attribute.FloatValue(1.5f)), 1, "p is 1.5");
    }

    @Test
    void experimentalOperatorsAreWrittenWithOthersOrRefused() {
        assertThat(raised(node("t: ScaledTanh(x) -> y"), 7, 13))
                .contains("Tanh(y_inner) -> y_outer", "t: Mul(y_outer, y_alpha) -> y");
        isRefused(node("a: ATen(x) -> y"), 7, "node a (ATen)", "withdrawn", "export the model");
        isRefused(
                node("c: Crop(x) -> y").with("border", List.of(1L)), 7, "node c (Crop)", "border");
    }

    @Test
    void trainingStatisticsThatAreReadSayTraining() {
        TestGraphs graph =
                TestGraphs.graph()
                        .input("x")
                        .node("b: BatchNormalization(x, s, o, m, v) -> y, mean, var, sm, sv")
                        .output("y");
        assertThat(raised(graph, 9, 14)).endsWith("-> y\n");
        isRefused(graph.output("sv"), 9, "node b (BatchNormalization)", "saved_var");
    }
}
