package dev.nibble.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.TestGraphs;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeDecision.Absorbed;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.NodeScheme.StayFloat;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class BatchNormFoldingTest {
    private static final FixedLab LAB = new FixedLab(Map.of());

    private static TestGraphs norm(TestGraphs graph, String from, String to) {
        Shape channels = Shape.of(2);
        return graph.constant("gamma", channels, 2, 3)
                .constant("beta", channels, 0.5f, -0.5f)
                .constant("mean", channels, 1, 2)
                .constant("var", channels, 4, 1)
                .node("bn: BatchNormalization(" + from + ", gamma, beta, mean, var) -> " + to);
    }

    private static TestGraphs convolution() {
        return TestGraphs.graph()
                .input("x")
                .constant("w", Shape.of(2, 1, 1, 1), 10, 20)
                .constant("b", Shape.of(2), 1, 1);
    }

    @Test
    void foldsIntoWeightsAndBias() {
        Draft draft =
                Draft.of(
                        norm(convolution().node("conv: Conv(x, w, b) -> y"), "y", "z")
                                .output("z")
                                .model());

        Graph folded = new BatchNormFolding().apply(draft, LAB).graph();

        assertThat(TestGraphs.text(folded))
                .isEqualTo("conv: Conv(x, w_folded, conv_bias_folded) -> z\n");
        // factors 2/sqrt(4) and 3/sqrt(1); biases (1 − 1)·1 + 0.5 and (1 − 2)·3 − 0.5
        assertThat(folded.constant("w_folded").orElseThrow().floats())
                .containsExactly(new float[] {10, 60}, within(1e-3f));
        assertThat(folded.constant("conv_bias_folded").orElseThrow().floats())
                .containsExactly(new float[] {0.5f, -3.5f}, within(1e-3f));
        assertThat(folded.constants()).containsOnlyKeys("w_folded", "conv_bias_folded");
    }

    @Test
    void whatARecipeKeepsFloatIsNotFolded() {
        Draft draft =
                Draft.of(
                        norm(convolution().node("conv: Conv(x, w, b) -> y"), "y", "z")
                                .output("z")
                                .model());
        Recipe byType =
                Recipes.INT8.keepingFloat(List.of(new NamePattern("type:BatchNormalization")));
        Recipe byScheme =
                Recipes.INT8.withSchemes(
                        List.of(new NodeScheme(new NamePattern("b?"), new StayFloat())));

        for (Recipe recipe : List.of(byType, byScheme)) {
            Draft kept = BatchNormFolding.sparing(recipe).apply(draft, LAB);
            assertThat(kept.graph().nodes()).extracting(Node::name).containsExactly("conv", "bn");
            assertThat(kept.findings())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Skipped.class,
                            skipped -> assertThat(skipped.why()).contains("kept float as asked"));
        }
        assertThat(BatchNormFolding.sparing(Recipes.INT8).apply(draft, LAB).graph().nodes())
                .hasSize(1);
    }

    @Test
    void givesAConvolutionWithoutABiasOne() {
        Draft draft =
                Draft.of(
                        norm(convolution().node("conv: Conv(x, w) -> y"), "y", "z")
                                .output("z")
                                .model());

        Graph folded = new BatchNormFolding().apply(draft, LAB).graph();

        assertThat(folded.constant("conv_bias_folded").orElseThrow().floats())
                .containsExactly(new float[] {-0.5f, -6.5f}, within(1e-3f));
    }

    @Test
    void foldsAlongTheOutputsOfAMatrixProduct() {
        Draft draft =
                Draft.of(
                        norm(
                                        TestGraphs.graph()
                                                .input("x")
                                                .constant("w", Shape.of(3, 2), 1, 1, 2, 2, 3, 3)
                                                .node("fc: Gemm(x, w) -> y"),
                                        "y",
                                        "z")
                                .output("z")
                                .model());

        Graph folded = new BatchNormFolding().apply(draft, LAB).graph();

        assertThat(folded.constant("w_folded").orElseThrow().floats())
                .containsExactly(new float[] {1, 3, 2, 6, 3, 9}, within(1e-3f));
    }

    @Test
    void saysWhatItDid() {
        Draft draft =
                new BatchNormFolding()
                        .apply(
                                Draft.of(
                                        norm(
                                                        convolution()
                                                                .node("conv: Conv(x, w, b) -> y"),
                                                        "y",
                                                        "z")
                                                .output("z")
                                                .model()),
                                LAB);

        assertThat(draft.findings())
                .containsExactly(new Applied("BatchNormFolding", "bn", "folded into conv"));
        assertThat(draft.plan().node("bn")).contains(new Absorbed("conv"));
    }

    @Test
    void leavesANormalizationWhoseInputOthersReadAndSaysSo() {
        Draft draft =
                new BatchNormFolding()
                        .apply(
                                Draft.of(
                                        norm(
                                                        convolution()
                                                                .node("conv: Conv(x, w, b) -> y"),
                                                        "y",
                                                        "z")
                                                .node("add: Add(y, z) -> s")
                                                .output("s")
                                                .model()),
                                LAB);

        assertThat(draft.findings())
                .containsExactly(
                        new Skipped(
                                "BatchNormFolding", "bn", "others read the result of conv too"));
        assertThat(draft.graph().nodes()).hasSize(3);
    }

    @Test
    void leavesANormalizationThatFollowsNoWeights() {
        Draft draft =
                new BatchNormFolding()
                        .apply(
                                Draft.of(
                                        norm(
                                                        TestGraphs.graph()
                                                                .input("x")
                                                                .node("r: Relu(x) -> y"),
                                                        "y",
                                                        "z")
                                                .output("z")
                                                .model()),
                                LAB);

        assertThat(draft.findings()).hasSize(1).allMatch(finding -> finding instanceof Skipped);
    }

    @Test
    void foldsForwardIntoWhatReadsItAndLeavesOtherReadersOfTheWeightsAlone() {
        Draft draft =
                new BatchNormFolding()
                        .apply(
                                Draft.of(
                                        norm(
                                                        TestGraphs.graph()
                                                                .input("x")
                                                                .constant(
                                                                        "w",
                                                                        Shape.of(1, 2, 1, 1),
                                                                        10,
                                                                        20)
                                                                .node("r: Relu(x) -> y"),
                                                        "y",
                                                        "z")
                                                .node("conv: Conv(z, w) -> u")
                                                .node("other: Conv(y, w) -> v")
                                                .output("u")
                                                .output("v")
                                                .model()),
                                LAB);

        assertThat(TestGraphs.text(draft.graph()))
                .isEqualTo(
                        """
                        r: Relu(x) -> y
                        conv: Conv(y, w_folded, conv_bias_folded) -> u
                        other: Conv(y, w) -> v
                        """);
        // factors 1 and 3, shifts −0.5 and −6.5
        assertThat(draft.graph().constant("w_folded").orElseThrow().floats())
                .containsExactly(new float[] {10, 60}, within(1e-3f));
        assertThat(draft.graph().constant("conv_bias_folded").orElseThrow().floats())
                .containsExactly(new float[] {10 * -0.5f + 20 * -6.5f}, within(1e-2f));
        assertThat(draft.findings())
                .containsExactly(new Applied("BatchNormFolding", "bn", "folded into conv"));
    }

    @Test
    void aProductOfUnknownRankIsLeftAlone() {
        Draft draft =
                new BatchNormFolding()
                        .apply(
                                Draft.of(
                                        norm(
                                                        TestGraphs.graph()
                                                                .input("x")
                                                                .constant("w", Shape.of(3, 2), 1)
                                                                .node("mm: MatMul(x, w) -> y"),
                                                        "y",
                                                        "z")
                                                .output("z")
                                                .model()),
                                LAB);

        assertThat(draft.findings())
                .containsExactly(
                        new Skipped(
                                "BatchNormFolding",
                                "bn",
                                "the products of mm are not known to be a matrix, whose second axis"
                                        + " is that of the channels"));
    }

    @Test
    void parametersOfOtherTypesAreLeftAlone() {
        Draft draft =
                new BatchNormFolding()
                        .apply(
                                Draft.of(
                                        norm(
                                                        convolution()
                                                                .node("conv: Conv(x, w, b) -> y"),
                                                        "y",
                                                        "z")
                                                .output("z")
                                                .model()
                                                .map(graph ->
                                                        graph.edit(editor ->
                                                                editor.constant(
                                                                        "gamma",
                                                                        Tensor.ofInts(
                                                                                Shape.of(2),
                                                                                1,
                                                                                1))))),
                                LAB);

        assertThat(draft.findings())
                .containsExactly(
                        new Skipped(
                                "BatchNormFolding",
                                "bn",
                                "its parameters are not constant float32 vectors"));
    }
}
