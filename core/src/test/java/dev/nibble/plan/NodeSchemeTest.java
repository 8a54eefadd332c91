package dev.nibble.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.number.Granularity;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Scheme;
import dev.nibble.plan.NodeDecision.KeptFloat;
import dev.nibble.plan.NodeDecision.Quantized;
import dev.nibble.plan.NodeDecision.WeightOnly;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Stream;

/** Formats that differ from node to node: edges and patterns. */
class NodeSchemeTest {
    /** Four convolutions in a row, {@code c1} to {@code c4}, from {@code v0} to {@code v4}. */
    private static Graph chain() {
        TestGraphs graph = TestGraphs.graph().input("v0");
        for (int i = 1; i <= 4; i++) {
            graph.conv("c" + i, "v" + (i - 1), "v" + i, 1, 0);
        }
        return graph.output("v4").build();
    }

    private static Planner.Outcome plan(Recipe recipe, Graph graph, String... schemes) {
        List<NodeScheme> parsed =
                Stream.of(schemes).map(text -> NodeScheme.parse(text, Recipes::named)).toList();
        return Planner.decide(
                recipe.withSchemes(parsed), Target.ONNX_RUNTIME_CPU, graph, Plan.NONE);
    }

    private static Scheme scheme(Planner.Outcome outcome, String value) {
        return ((Decision.Planned) outcome.plan().value(value).orElseThrow()).scheme();
    }

    private static List<String> formats(Planner.Outcome outcome, String... values) {
        return Stream.of(values).map(value -> scheme(outcome, value).format().toString()).toList();
    }

    @Test
    void fourBitWeightsSpareTheFirstAndTheLastLayer() {
        Planner.Outcome outcome = plan(Recipes.W4A8, chain());
        assertThat(formats(outcome, "c1_w", "c2_w", "c3_w", "c4_w"))
                .containsExactly("int8", "int4", "int4", "int8");
        assertThat(formats(outcome, "v0", "v1", "v2", "v3", "v4")).containsOnly("uint8");
        assertThat(outcome.compromises()).isEmpty();
    }

    @Test
    void fourBitActivationsSpareWhatTheFirstAndTheLastLayerRead() {
        Planner.Outcome outcome = plan(Recipes.W4A4, chain());
        assertThat(formats(outcome, "v0", "v1", "v2", "v3", "v4"))
                .containsExactly("uint8", "uint4", "uint4", "uint8", "uint8");
    }

    @Test
    void edgesAreTreatedAsTheRestIfToldSo() {
        Recipe recipe = Recipes.W4A4.withEdges(Recipes.W4A4.layers());
        Planner.Outcome outcome = plan(recipe, chain());
        assertThat(formats(outcome, "c1_w", "v0", "c4_w", "v4"))
                .containsExactly("int4", "uint4", "int4", "uint4");
    }

    @Test
    void theFirstLayersAreAllThatReadTheInput() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .node("scale: Sigmoid(x) -> s")
                        .conv("left", "s", "a", 1, 0)
                        .conv("right", "s", "b", 1, 0)
                        .node("sum: Add(a, b) -> c")
                        .conv("inner", "c", "d", 1, 0)
                        .conv("head1", "d", "y1", 1, 0)
                        .conv("head2", "d", "y2", 1, 0)
                        .output("y1")
                        .output("y2")
                        .build();
        Planner.Outcome outcome = plan(Recipes.W4A8, graph);
        assertThat(formats(outcome, "left_w", "right_w", "inner_w", "head1_w", "head2_w"))
                .containsExactly("int8", "int8", "int4", "int8", "int8");
    }

    @Test
    void shapeArithmeticDoesNotMakeALayerTheFirst() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .conv("c1", "x", "a", 1, 0)
                        .node("shape: Shape(x) -> s")
                        .node("reshape: Reshape(a, s) -> b")
                        .conv("c2", "b", "c", 1, 0)
                        .conv("c3", "c", "y", 1, 0)
                        .output("y")
                        .build();
        assertThat(formats(plan(Recipes.W4A8, graph), "c1_w", "c2_w", "c3_w"))
                .containsExactly("int8", "int4", "int8");
    }

    @Test
    void aSchemeSaysTheFormatsOfANodeAndWhatItReadsAndMakes() {
        Planner.Outcome outcome = plan(Recipes.INT8, chain(), "c3=w4a16");
        assertThat(formats(outcome, "c2_w", "c3_w", "c4_w"))
                .containsExactly("int8", "int4", "int8");
        assertThat(formats(outcome, "v1", "v2", "v3", "v4"))
                .containsExactly("uint8", "uint16", "uint16", "uint8");
    }

    @Test
    void theWiderWishIsGrantedAndTheOtherExplained() {
        Planner.Outcome outcome = plan(Recipes.INT8, chain(), "c2=w4a4");
        assertThat(formats(outcome, "v1", "v2")).containsExactly("uint4", "uint8");
        assertThat(outcome.compromises())
                .containsOnlyKeys("v2")
                .hasEntrySatisfying(
                        "v2",
                        why ->
                                assertThat(why)
                                        .isEqualTo(
                                                "c2 asks for uint4, but c3 for uint8: the wider"
                                                        + " one is taken"));
    }

    @Test
    void aSchemeOverrulesTheEdges() {
        Planner.Outcome outcome = plan(Recipes.W4A8, chain(), "type:Conv=w4a8");
        assertThat(formats(outcome, "c1_w", "c4_w")).containsOnly("int4");
    }

    @Test
    void ofSeveralSchemesTheLastCounts() {
        Planner.Outcome outcome = plan(Recipes.INT8, chain(), "c*=float", "c2=w4a8", "c3=int8");
        assertThat(outcome.plan().node("c1").orElseThrow())
                .isEqualTo(new KeptFloat("kept float as asked by \"c*=float\""));
        assertThat(outcome.plan().node("c2")).contains(new Quantized());
        assertThat(formats(outcome, "c2_w", "c3_w")).containsExactly("int4", "int8");
    }

    @Test
    void aNodeMayStoreOnlyItsWeights() {
        Planner.Outcome outcome = plan(Recipes.INT8, chain(), "c2=int8-weights");
        assertThat(outcome.plan().node("c2")).contains(new WeightOnly());
        assertThat(outcome.plan().value("c2_w")).isPresent();
    }

    @Test
    void valuesThatShareAnEncodingTakeTheWidestWishOfAll() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .conv("c1", "x", "a", 1, 0)
                        .node("r: Relu(a) -> b")
                        .node("pool: MaxPool(b) -> c")
                        .conv("c2", "c", "d", 1, 0)
                        .conv("c3", "b", "e", 1, 0)
                        .node("sum: Add(d, e) -> f")
                        .conv("c4", "f", "y", 1, 0)
                        .output("y")
                        .build();
        Planner.Outcome outcome = plan(Recipes.INT8, graph, "c3=a16w8");
        assertThat(formats(outcome, "a", "b", "c")).containsOnly("uint16");
        assertThat(outcome.compromises()).containsKey(outcome.plan().group("a"));
    }

    @Test
    void sharedWeightsTakeTheWiderFormat() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .constant("w", Shape.of(1, 1, 1, 1), 1)
                        .node("c1: Conv(x, w) -> a")
                        .node("c2: Conv(a, w) -> b")
                        .node("c3: Conv(b, w) -> y")
                        .output("y")
                        .build();
        Planner.Outcome outcome = plan(Recipes.W4A8, graph);
        assertThat(scheme(outcome, "w").format()).isEqualTo(NumberFormats.INT8);
        assertThat(outcome.compromises().get("w")).contains("int4", "int8");
    }

    @Test
    void blocksRunAlongTheInputChannels() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .constant("conv_w", Shape.of(4, 64, 3, 3), 1)
                        .node("conv: Conv(x, conv_w) -> a")
                        .constant("depthwise_w", Shape.of(4, 1, 3, 3), 1)
                        .node("depthwise: Conv(a, depthwise_w) -> b")
                        .with("group", 4)
                        .constant("mul_w", Shape.of(64, 5), 1)
                        .node("mul: MatMul(b, mul_w) -> c")
                        .constant("gemm_w", Shape.of(5, 64), 1)
                        .node("gemm: Gemm(c, gemm_w) -> y")
                        .with("transB", 1)
                        .output("y")
                        .build();
        Recipe recipe = Recipes.INT4_WEIGHTS.withEdges(Recipes.INT4_WEIGHTS.layers());
        Planner.Outcome outcome = plan(recipe, graph);
        assertThat(
                        Stream.of("conv_w", "depthwise_w", "mul_w", "gemm_w")
                                .map(weight -> scheme(outcome, weight).granularity()))
                .containsExactly(
                        new Granularity.PerBlock(1, 32),
                        new Granularity.PerAxis(0),
                        new Granularity.PerBlock(0, 32),
                        new Granularity.PerBlock(1, 32));
    }

    @Test
    void aPatternThatMatchesNothingIsAnError() {
        assertThatThrownBy(() -> plan(Recipes.INT8, chain(), "conv*=w4a8"))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll("scheme pattern \"conv*\" matches no node", "c1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c1", "c1=", "=int8", "type:=int8"})
    void whatIsNotAPatternAndARecipeIsAnError(String text) {
        assertThatThrownBy(() -> NodeScheme.parse(text, Recipes::named))
                .isInstanceOf(NibbleException.class);
    }

    @Test
    void activationsCannotBeMeasuredInANetworkThatLeavesThemFloat() {
        assertThatThrownBy(() -> plan(Recipes.INT4_WEIGHTS, chain(), "c1=w4a8"))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll("c1=w4a8", "recipe int4-weights does not");
    }
}
