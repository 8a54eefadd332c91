package dev.nibble.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.pass.CrossLayerEqualization.ClipHandling;
import dev.nibble.pass.CrossLayerEqualization.Mode;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** Golden text and numbers before and after; the module of the engine runs such networks. */
class CrossLayerEqualizationTest {
    private static final FixedLab NOTHING = new FixedLab(Map.of());
    private static final CrossLayerEqualization WEIGHTS = new CrossLayerEqualization(Mode.WEIGHTS);
    private static final CrossLayerEqualization ACTIVATIONS =
            new CrossLayerEqualization(Mode.ACTIVATIONS, 1, ClipHandling.KEEP);

    /** Two channels between two convolutions: the first is small before and large behind. */
    private static TestGraphs pair(String activation) {
        return TestGraphs.graph()
                .input("x")
                .constant("zero", Shape.scalar(), 0)
                .constant("six", Shape.scalar(), 6)
                .constant("w", Shape.of(2, 1, 1, 1), 1, 4)
                .constant("b", Shape.of(2), 0.5f, 2)
                .constant("v", Shape.of(1, 2, 1, 1), 8, 2)
                .node("first: Conv(x, w, b) -> y")
                .node("act: " + activation)
                .node("second: Conv(z, v) -> u")
                .output("u");
    }

    private static float[] floats(Graph graph, String constant) {
        return graph.constant(constant).orElseThrow().floats();
    }

    @Test
    void channelsTakeTheSameShareOfTheWeightsBeforeAndBehind() {
        Draft draft = WEIGHTS.apply(Draft.of(pair("Relu(y) -> z").model()), NOTHING);

        assertThat(TestGraphs.text(draft.graph()))
                .isEqualTo(
                        """
                        first: Conv(x, w_scaled, b_scaled) -> y
                        act: Relu(y) -> z
                        second: Conv(z, v_scaled) -> u
                        """);
        // shares before 1/4 and 1, behind 1 and 1/4: factors 2 and 1/2
        assertThat(floats(draft.graph(), "w_scaled")).containsExactly(2, 2);
        assertThat(floats(draft.graph(), "b_scaled")).containsExactly(1, 1);
        assertThat(floats(draft.graph(), "v_scaled")).containsExactly(4, 4);
        assertThat(draft.graph().constants()).doesNotContainKeys("w", "b", "v");
        assertThat(draft.findings())
                .containsExactlyInAnyOrder(
                        new Applied(
                                "CrossLayerEqualization",
                                "y",
                                "scaled 2 of 2 channels by 0.500 to 2.00; 0 keep their scale for a"
                                        + " Clip"),
                        new Skipped("CrossLayerEqualization", "u", "it is an output of the graph"));
    }

    @Test
    void aChannelThatComesNearAClipKeepsItsScaleAndOthersKeepAway() {
        FixedLab lab =
                new FixedLab(Map.of("y", Tensor.ofFloats(Shape.of(1, 2, 1, 2), -9, 2, 1, 5)));

        Graph graph = WEIGHTS.apply(Draft.of(pair("Clip(y, zero, six) -> z").model()), lab).graph();

        // the first may grow until twice what was seen touches 6; the second comes near
        assertThat(floats(graph, "w_scaled")).containsExactly(new float[] {1.5f, 4}, within(1e-6f));
        assertThat(floats(graph, "v_scaled"))
                .containsExactly(new float[] {8 / 1.5f, 2}, within(1e-6f));
    }

    @Test
    void withoutSamplesWhatAClipBoundsIsLeftAlone() {
        Draft draft = WEIGHTS.apply(Draft.of(pair("Clip(y, zero, six) -> z").model()), NOTHING);

        assertThat(draft.findings())
                .contains(
                        new Skipped(
                                "CrossLayerEqualization",
                                "y",
                                "2 of 2 channels must keep their scale for a Clip, and no other"
                                        + " gains"));
        assertThat(floats(draft.graph(), draft.graph().nodes().getFirst().input(1)))
                .containsExactly(1, 4);
    }

    @Test
    void aReluMayStandInForAClip() {
        Draft draft =
                new CrossLayerEqualization(Mode.WEIGHTS, 1, ClipHandling.REPLACE_BY_RELU)
                        .apply(Draft.of(pair("Clip(y, zero, six) -> z").model()), NOTHING);

        assertThat(TestGraphs.text(draft.graph())).contains("act: Relu(y) -> z");
        assertThat(floats(draft.graph(), "w_scaled")).containsExactly(2, 2);
        assertThat(draft.findings())
                .contains(
                        new Applied(
                                "CrossLayerEqualization",
                                "act",
                                "became a Relu; this changes what went beyond its bound"));
    }

    @Test
    void channelsGrowUntilTheyFillTheRangeOfTheValue() {
        FixedLab lab =
                new FixedLab(
                        Map.of(
                                "y", Tensor.ofFloats(Shape.of(1, 2, 1, 2), -9, 2, -1, 6),
                                "z", Tensor.ofFloats(Shape.of(1, 2, 1, 2), 0, 2, 0, 6)));

        Graph graph = ACTIVATIONS.apply(Draft.of(pair("Relu(y) -> z").model()), lab).graph();

        // y is not quantized: Relu is all that reads it
        assertThat(floats(graph, "w_scaled")).containsExactly(3, 4);
        assertThat(floats(graph, "v_scaled")).containsExactly(8 / 3f, 2);
    }

    @Test
    void residualStreamsAreScaledAsOne() {
        Tensor two = Tensor.ofFloats(Shape.of(1, 2, 1, 1), -2, 8);
        FixedLab lab = new FixedLab(Map.of("a", two, "b", two, "s", two));
        Draft draft =
                ACTIVATIONS.apply(
                        Draft.of(
                                TestGraphs.graph()
                                        .input("x")
                                        .constant("w", Shape.of(2, 2, 1, 1), 1, 2, 3, 4)
                                        .constant("v", Shape.of(1, 2, 1, 1), 5, 6)
                                        .node("first: Conv(x, w) -> a")
                                        .node("inner: Conv(a, w) -> b")
                                        .node("sum: Add(a, b) -> s")
                                        .node("last: Conv(s, v) -> u")
                                        .output("u")
                                        .model()),
                        lab);

        // the only low channel has no room and the only high one has none
        assertThat(draft.findings())
                .contains(
                        new Skipped(
                                "CrossLayerEqualization",
                                "a",
                                "its channels fill their range already"));
    }

    @Test
    void nodesThatShareWeightsGetTheirOwn() {
        Tensor two = Tensor.ofFloats(Shape.of(1, 2, 1, 1), 4, 8);
        FixedLab lab = new FixedLab(Map.of("a", two, "b", two, "s", two));
        Graph graph =
                ACTIVATIONS
                        .apply(
                                Draft.of(
                                        TestGraphs.graph()
                                                .input("x")
                                                .constant("w", Shape.of(2, 2, 1, 1), 1, 2, 3, 4)
                                                .constant("v", Shape.of(1, 2, 1, 1), 5, 6)
                                                .node("first: Conv(x, w) -> a")
                                                .node("inner: Conv(a, w) -> b")
                                                .node("sum: Add(a, b) -> s")
                                                .node("last: Conv(s, v) -> u")
                                                .output("u")
                                                .model()),
                                lab)
                        .graph();

        assertThat(TestGraphs.text(graph))
                .contains("first: Conv(x, w_scaled) -> a", "inner: Conv(a, w_scaled_1) -> b");
        assertThat(floats(graph, "w_scaled")).containsExactly(2, 4, 3, 4);
        // writes and reads the stream: only what is between its channels changes
        assertThat(floats(graph, "w_scaled_1")).containsExactly(1, 4, 1.5f, 4);
        assertThat(floats(graph, "v_scaled")).containsExactly(2.5f, 6);
    }

    @Test
    void whatOtherOperatorsReadIsLeftAloneAndTheyAreNamed() {
        Draft draft =
                WEIGHTS.apply(
                        Draft.of(
                                pair("Relu(y) -> z")
                                        .node("other: Softmax(z) -> p")
                                        .output("p")
                                        .model()),
                        NOTHING);

        assertThat(draft.findings())
                .contains(new Skipped("CrossLayerEqualization", "y", "Softmax other reads it"));
        assertThat(draft.graph().constants()).containsKeys("w", "b", "v");
    }

    @Test
    void aStrengthBeyondTheWholeIsRefused() {
        assertThatThrownBy(() -> new CrossLayerEqualization(Mode.WEIGHTS, 2, ClipHandling.KEEP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("strength 2.0 is not above 0 and at most 1");
    }
}
