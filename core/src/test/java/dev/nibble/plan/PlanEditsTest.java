package dev.nibble.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Scheme;
import dev.nibble.plan.NodeDecision.Absorbed;
import dev.nibble.plan.NodeDecision.KeptFloat;
import dev.nibble.plan.NodeDecision.Quantized;
import dev.nibble.plan.SavedActivation.Affine;
import dev.nibble.plan.SavedNode.Choice;
import dev.nibble.plan.SavedPlan.Split;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What becomes of a saved plan that somebody has edited. */
class PlanEditsTest {
    /** Two convolutions side by side, added and read by a third. */
    private static Graph branches() {
        return TestGraphs.graph()
                .input("x")
                .conv("c1", "x", "a", 1, 0)
                .conv("c2", "x", "b", 1, 0)
                .node("sum: Add(a, b) -> c")
                .conv("c3", "c", "y", 1, 0)
                .output("y")
                .build();
    }

    /** Two products with the same weights. */
    private static Graph twins() {
        return TestGraphs.graph()
                .input("x")
                .constant("w", Shape.of(2, 2), 1, 2, 3, 4)
                .node("m1: MatMul(x, w) -> a")
                .node("m2: MatMul(a, w) -> y")
                .output("y")
                .build();
    }

    private static SavedPlan saved(Recipe recipe, SavedNode... nodes) {
        return new SavedPlan(
                "ab12", new Split(10, 2, 10), recipe, List.of(), List.of(nodes), List.of());
    }

    private static SavedNode node(String name, String operator, Choice choice) {
        return new SavedNode(name, operator, choice, Optional.empty(), "");
    }

    private static Plan plan(Recipe recipe, Graph graph) {
        return Planner.plan(recipe, Target.ONNX_RUNTIME_CPU, graph, Plan.NONE);
    }

    private static PlanEdits edits(SavedPlan saved, Graph graph) {
        return new PlanEdits(saved, graph, plan(saved.recipe(), graph));
    }

    private static Plan decided(SavedPlan saved, Graph graph) {
        PlanEdits edits = edits(saved, graph);
        return edits.decided(plan(edits.recipe(), graph));
    }

    private static SavedActivation activation(String value, float scale) {
        return new SavedActivation(
                value,
                List.of(),
                NumberFormats.UINT8,
                Optional.of(new Affine(scale, 3)),
                Optional.empty());
    }

    private static Encoding encoding(float scale) {
        return Encoding.ofScale(
                new Scheme(NumberFormats.UINT8, false, Granularity.perTensor()), scale, 3);
    }

    private static ActivationEdits activations(SavedPlan saved, Graph graph) {
        return ActivationEdits.of(saved, graph, plan(saved.recipe(), graph), decided(saved, graph));
    }

    @Test
    void aPlanThatNobodyEditedChangesNothing() {
        SavedPlan saved = saved(Recipes.INT8, node("c1", "Conv", Choice.QUANTIZED));
        assertThat(edits(saved, branches()).recipe()).isEqualTo(Recipes.INT8);
        assertThat(decided(saved, branches())).isEqualTo(plan(Recipes.INT8, branches()));
    }

    @Test
    void aNodeBecomesFloatAndWeightsAloneAndQuantizedAgain() {
        SavedPlan kept = saved(Recipes.INT8, node("c1", "Conv", Choice.FLOAT));
        assertThat(decided(kept, branches()).node("c1").orElseThrow())
                .isInstanceOf(KeptFloat.class);
        Recipe recipe = edits(kept, branches()).recipe();
        SavedPlan back = saved(recipe, node("c1", "Conv", Choice.QUANTIZED));
        assertThat(decided(back, branches()).node("c1")).contains(new Quantized());
        SavedPlan alone = saved(Recipes.INT8, node("c1", "Conv", Choice.WEIGHTS));
        assertThat(decided(alone, branches()).node("c1")).contains(new NodeDecision.WeightOnly());
    }

    @Test
    void anotherFormatOfWeightsHoldsForAllThatShareThem() {
        Weights narrow = Weights.perTensor(NumberFormats.INT4);
        SavedNode one = node("m1", "MatMul", Choice.QUANTIZED).storing(narrow);
        assertThat(decided(saved(Recipes.INT8, one), twins()).value("w"))
                .contains(
                        new Decision.Planned(
                                new Scheme(NumberFormats.INT4, true, Granularity.perTensor())));
        SavedNode other =
                node("m2", "MatMul", Choice.QUANTIZED)
                        .storing(Weights.perTensor(NumberFormats.INT8));
        assertThatThrownBy(() -> decided(saved(Recipes.INT8, one, other), twins()))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("node m2 cannot store its weights w as int8")
                .hasMessageContaining("int4");
    }

    @Test
    void aNodeThatThePlanHasFoldedAwayCannotBecomeFloat() {
        SavedPlan saved = saved(Recipes.INT8, node("norm", "BatchNormalization", Choice.FLOAT));
        Plan base =
                plan(Recipes.INT8, branches()).withNode("norm", new Absorbed("the weights of c1"));
        assertThatThrownBy(() -> new PlanEdits(saved, branches(), base).recipe())
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("node norm cannot be \"float\"")
                .hasMessageContaining("it is \"absorbed\" (by the weights of c1)");
    }

    @Test
    void aNodeOfAnotherOperatorIsAnotherNetworks() {
        SavedPlan saved = saved(Recipes.INT8, node("c1", "Gemm", Choice.QUANTIZED));
        assertThatThrownBy(() -> edits(saved, branches()).recipe())
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("node c1 is a Conv, but the plan says Gemm");
    }

    @Test
    void aNodeThatSomethingElseStopsSaysWhat() {
        Recipe kept = Recipes.INT8.keepingFloat(List.of(new NamePattern("type:Conv")));
        SavedPlan saved = saved(kept, node("c1", "Conv", Choice.QUANTIZED));
        assertThatThrownBy(() -> decided(saved, branches()))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("node c1 cannot be \"quantized\"")
                .hasMessageContaining("kept float as asked by \"type:Conv\"");
    }

    @Test
    void passesStartFromTheCalibratedScaleAndTheNetworkEndsWithTheOther() {
        SavedActivation entry = SavedActivation.of("x", List.of(), encoding(0.5f), encoding(2));
        SavedPlan saved = saved(Recipes.INT8).withActivations(List.of(entry));
        ActivationEdits edits = activations(saved, branches());
        Plan begun = edits.begin(plan(Recipes.INT8, branches()));
        assertThat(begun.encoding("x")).contains(encoding(0.5f));
        assertThat(begun.encoding("y")).isEmpty();
        assertThat(edits.corrections(begun)).isEqualTo(Map.of("x", encoding(2)));
        assertThat(edits.corrections(begun.withEncoding("x", encoding(2)))).isEmpty();
    }

    @Test
    void aValueThatIsFloatNowIsToldOf() {
        SavedPlan saved =
                saved(Recipes.INT8, node("c3", "Conv", Choice.FLOAT))
                        .withActivations(List.of(activation("x", 1), activation("y", 1)));
        ActivationEdits edits = activations(saved, branches());
        assertThat(edits.unused()).containsExactly("y");
        assertThat(edits.entries()).containsOnlyKeys("x");
    }

    @Test
    void valuesThatComeToShareTheirCodesMustAgree() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .conv("c1", "x", "a", 1, 0)
                        .conv("c2", "x", "b", 1, 0)
                        .node("concat: Concat(a, b) -> c")
                        .output("c")
                        .build();
        Plan base = plan(Recipes.INT8, graph);
        assertThat(base.group("a")).isNotEqualTo(base.group("b"));
        Plan joined =
                new Plan(
                        base.nodes(),
                        base.values(),
                        Map.of("b", "a"),
                        Map.of("a", Set.of("a", "b")));
        SavedPlan saved =
                saved(Recipes.INT8)
                        .withActivations(List.of(activation("a", 1), activation("b", 2)));
        assertThatThrownBy(() -> ActivationEdits.of(saved, graph, base, joined))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("values a and b share their codes");
    }

    @Test
    void aValueIsNamedByTheFirstThatShareItsCodes() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .conv("c1", "x", "a", 1, 0)
                        .node("r: Relu(a) -> b")
                        .conv("c2", "b", "y", 1, 0)
                        .output("y")
                        .build();
        SavedPlan saved = saved(Recipes.INT8).withActivations(List.of(activation("b", 1)));
        assertThatThrownBy(() -> activations(saved, graph))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("value b")
                .hasMessageContaining("it shares the codes of a; name that one");
    }
}
