package dev.nibble.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.number.Granularity;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Scheme;
import dev.nibble.plan.NodeDecision.Absorbed;
import dev.nibble.plan.NodeDecision.KeptFloat;
import dev.nibble.plan.NodeDecision.Quantized;
import dev.nibble.plan.NodeDecision.WeightOnly;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

import java.util.List;

class PlannerTest {
    private static Plan plan(Recipe recipe, Graph graph) {
        return Planner.plan(recipe, Target.ONNX_RUNTIME_CPU, graph, Plan.NONE);
    }

    private static Plan plan(Graph graph) {
        return plan(Recipes.INT8, graph);
    }

    private static String why(Plan plan, String node) {
        return plan.node(node).orElseThrow() instanceof KeptFloat(String why) ? why : "";
    }

    private static String whyWeights(Plan plan, String node) {
        return plan.node(node).orElseThrow() instanceof WeightOnly(String why) ? why : "";
    }

    @Test
    void quantizesAResidualBlockAsAWhole() {
        Plan plan =
                plan(
                        TestGraphs.graph()
                                .input("x")
                                .conv("c1", "x", "a", 1, 0)
                                .node("r1: Relu(a) -> b")
                                .conv("c2", "b", "c", 1, 0)
                                .node("add: Add(c, b) -> d")
                                .node("r2: Relu(d) -> e")
                                .conv("c3", "e", "f", 1, 0)
                                .output("f")
                                .build());

        assertThat(plan.node("c1")).contains(new Quantized());
        assertThat(plan.node("add")).contains(new Quantized());
        assertThat(plan.node("r1").orElseThrow()).isInstanceOf(Absorbed.class);
        assertThat(plan.node("r2").orElseThrow()).isInstanceOf(Absorbed.class);
        assertThat(plan.value("x")).isPresent();
        assertThat(plan.value("f")).isPresent();
        assertThat(plan.group("a")).isEqualTo(plan.group("b"));
        // what the rectifier cuts off says nothing about the range
        assertThat(plan.sources().get(plan.group("a"))).containsExactly("b");
    }

    @Test
    void givesValuesThatOnlyMoveOneEncoding() {
        Plan plan =
                plan(
                        TestGraphs.graph()
                                .input("x")
                                .conv("c1", "x", "a", 1, 0)
                                .conv("c2", "x", "b", 1, 0)
                                .node("cat: Concat(a, b) -> c")
                                .node("pool: MaxPool(c) -> d")
                                .constant("w", Shape.of(1, 2, 1, 1), 1)
                                .node("c3: Conv(d, w) -> e")
                                .output("e")
                                .build());

        assertThat(List.of(plan.group("a"), plan.group("b"), plan.group("c"), plan.group("d")))
                .containsOnly("a");
        assertThat(plan.sources().get("a")).containsExactly("a", "b");
    }

    @Test
    void leavesTheTailOfTheNetworkFloat() {
        Plan plan =
                plan(
                        TestGraphs.graph()
                                .input("x")
                                .conv("c1", "x", "a", 1, 0)
                                .node("pool: GlobalAveragePool(a) -> b")
                                .node("soft: Softmax(b) -> c")
                                .output("c")
                                .build());

        assertThat(why(plan, "pool")).isEqualTo("no quantized node reads its result");
        assertThat(why(plan, "soft")).contains("near 0");
        assertThat(plan.value("a")).isPresent();
        assertThat(plan.value("b")).isEmpty();
    }

    @Test
    void letsAMatrixProductDeliverFloats() {
        Plan plan =
                plan(
                        TestGraphs.graph()
                                .input("x")
                                .constant("w", Shape.of(4, 3), 1)
                                .constant("b", Shape.of(3), 1)
                                .node("fc: Gemm(x, w, b) -> y")
                                .output("y")
                                .build());

        assertThat(plan.node("fc")).contains(new Quantized());
        assertThat(plan.value("x")).isPresent();
        assertThat(plan.value("y")).isEmpty();
        assertThat(plan.value("w"))
                .contains(
                        new Decision.Planned(
                                new Scheme(NumberFormats.INT8, true, new Granularity.PerAxis(1))));
    }

    @Test
    void doesNotAbsorbARectifierWhoseInputOthersRead() {
        Plan plan =
                plan(
                        TestGraphs.graph()
                                .input("x")
                                .conv("c1", "x", "a", 1, 0)
                                .node("r: Relu(a) -> b")
                                .conv("c2", "b", "c", 1, 0)
                                .node("add: Add(a, c) -> d")
                                .conv("c3", "d", "e", 1, 0)
                                .output("e")
                                .build());

        assertThat(why(plan, "r")).contains("others read its input a too");
        assertThat(plan.group("a")).isNotEqualTo(plan.group("b"));
    }

    @Test
    void quantizesOnlyWeightsWhereActivationsStayFloat() {
        Plan plan =
                plan(
                        Recipes.INT8_WEIGHTS,
                        TestGraphs.graph()
                                .input("x")
                                .conv("c1", "x", "a", 1, 0)
                                .node("r1: Relu(a) -> b")
                                .output("b")
                                .build());

        assertThat(plan.node("c1")).contains(new WeightOnly());
        assertThat(why(plan, "r1")).contains("activations float");
        assertThat(plan.values().keySet()).containsExactly("c1_w");
    }

    @Test
    void quantizesOnlyWhatProductsReadWhereRangesAreFoundAtRunTime() {
        Plan plan =
                plan(
                        Recipes.INT8_DYNAMIC,
                        TestGraphs.graph()
                                .input("x")
                                .conv("c", "x", "a", 1, 0)
                                .node("r: Relu(a) -> b")
                                .constant("w", Shape.of(1, 1), 2)
                                .node("m: MatMul(b, w) -> d")
                                .node("n: MatMul(b, d) -> e")
                                .output("e")
                                .build());

        assertThat(plan.node("m")).contains(new NodeDecision.Dynamic());
        assertThat(plan.node("c"))
                .containsInstanceOf(WeightOnly.class)
                .contains(
                        new WeightOnly(
                                "a convolution of codes with ranges found at run time is slower"));
        assertThat(why(plan, "r")).contains("only what products read");
        assertThat(why(plan, "n")).contains("two values, b and d");
        assertThat(plan.values().keySet()).containsExactly("c_w", "w");
    }

    @Test
    void keepsFloatWhatTheUserNames() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .conv("c1", "x", "a", 1, 0)
                        .conv("c2", "a", "b", 1, 0)
                        .node("fc: Gemm(b, c1_w) -> y")
                        .output("y")
                        .build();

        Plan plan =
                plan(
                        Recipes.INT8.keepingFloat(
                                List.of(new NamePattern("c2"), new NamePattern("type:Gem*"))),
                        graph);

        assertThat(why(plan, "c2")).contains("as asked by \"c2\"");
        assertThat(why(plan, "fc")).contains("as asked by \"type:Gem*\"");
        assertThat(plan.node("c1")).contains(new Quantized());
    }

    @Test
    void complainsAboutAPatternThatMatchesNothing() {
        Graph graph = TestGraphs.graph().input("x").conv("c1", "x", "a", 1, 0).output("a").build();

        assertThatThrownBy(() ->
                        plan(Recipes.INT8.keepingFloat(List.of(new NamePattern("convv*"))), graph))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll("convv*", "matches no node", "c1");
    }

    @Test
    void saysWhyWeightsCannotBeQuantized() {
        Plan plan =
                plan(
                        TestGraphs.graph()
                                .input("x")
                                .input("v")
                                .constant("w", Shape.of(1, 4, 3), 1)
                                .node("dynamic: Conv(x, v) -> a")
                                .node("few: RNN(x, w, v) -> c")
                                .output("a")
                                .build());

        assertThat(why(plan, "dynamic")).isEqualTo("its weights v are not constant");
        assertThat(why(plan, "few"))
                .isEqualTo("it has 12 weights, too few for codes to save bytes");
    }

    @Test
    void storesWeightsAsCodesThatIntegerKernelsCannotTake() {
        Plan plan =
                plan(
                        TestGraphs.graph()
                                .input("x")
                                .constant("w", Shape.of(40, 30), 1)
                                .constant("b", Shape.of(2, 30), 1)
                                .node("bias: Gemm(x, w, b) -> c")
                                .node("transposed: Gemm(x, w) -> d")
                                .with("transA", 1)
                                .constant("w3", Shape.of(2, 40, 30), 1)
                                .node("batched: MatMul(x, w3) -> e")
                                .node("left: MatMul(w3, x) -> f")
                                .node("up: ConvTranspose(x, w3) -> g")
                                .output("a")
                                .build());

        assertThat(whyWeights(plan, "bias")).contains("bias has shape [2×30]");
        assertThat(whyWeights(plan, "transposed")).contains("transA");
        assertThat(whyWeights(plan, "batched")).contains("[2×40×30]");
        assertThat(whyWeights(plan, "left")).contains("on the left");
        assertThat(whyWeights(plan, "up")).contains("no integer kernel for ConvTranspose");
    }

    @Test
    void givesEachOfSeveralMatricesChannelsOfItsOwn() {
        Plan plan =
                plan(
                        Recipes.INT8_WEIGHTS,
                        TestGraphs.graph()
                                .input("x")
                                .constant("w", Shape.of(2, 64, 20), 1)
                                .constant("one", Shape.of(1, 64, 16), 1)
                                .node("both: LSTM(x, w, one) -> y")
                                .output("y")
                                .build());

        assertThat(granularity(plan, "w")).isEqualTo(new Granularity.PerBlock(2, 20));
        assertThat(granularity(plan, "one")).isEqualTo(new Granularity.PerAxis(1));
    }

    @Test
    void cutsWeightsIntoBlocksOnlyIfThoseAreWhole() {
        Plan plan =
                plan(
                        Recipes.INT4_WEIGHTS,
                        TestGraphs.graph()
                                .input("x")
                                .input("i")
                                .constant("w", Shape.of(1, 64, 33), 1)
                                .constant("r", Shape.of(1, 64, 64), 1)
                                .constant("table", Shape.of(40, 32), 1)
                                .node("lstm: LSTM(x, w, r) -> y")
                                .node("look: Gather(table, i) -> z")
                                .output("y")
                                .build());

        assertThat(granularity(plan, "w")).isEqualTo(new Granularity.PerAxis(1));
        assertThat(granularity(plan, "r")).isEqualTo(new Granularity.PerBlock(2, 32));
        assertThat(granularity(plan, "table")).isEqualTo(new Granularity.PerAxis(0));
    }

    @Test
    void leavesTablesFloatThatOthersReadAsFloats() {
        Plan plan =
                plan(
                        TestGraphs.graph()
                                .input("i")
                                .constant("table", Shape.of(40, 32), 1)
                                .node("look: Gather(table, i) -> a")
                                .node("all: Add(a, table) -> b")
                                .output("b")
                                .build());

        assertThat(why(plan, "look")).contains("others read its weights table as floats");
    }

    @Test
    void knowsWhatIsNoFloat() {
        Plan plan =
                plan(
                        TestGraphs.graph()
                                .input("x")
                                .node("shape: Shape(x) -> s")
                                .node("more: Concat(s, s) -> t")
                                .node("made: Expand(x, t) -> u")
                                .output("u")
                                .build());

        assertThat(why(plan, "more")).contains("shapes, indices or truth values");
        assertThat(why(plan, "made")).isEqualTo("its input x is float");
    }

    private static Granularity granularity(Plan plan, String value) {
        return plan.value(value).orElseThrow() instanceof Decision.Planned(Scheme scheme)
                ? scheme.granularity()
                : Granularity.perTensor();
    }
}
