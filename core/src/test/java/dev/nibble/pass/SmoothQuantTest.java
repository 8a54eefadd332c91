package dev.nibble.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Map;

class SmoothQuantTest {
    /** An outlier in the first of two channels. */
    private static final FixedLab LAB =
            new FixedLab(Map.of("n", Tensor.ofFloats(Shape.of(2, 2), -64, 1, 8, 4)));

    private static TestGraphs words() {
        return TestGraphs.graph()
                .input("x")
                .constant("g", Shape.of(2), 8, 2)
                .constant("b", Shape.of(2), 8, 4)
                .constant("w", Shape.of(2, 1), 1, 1)
                .node("norm: LayerNormalization(x, g, b) -> n");
    }

    @Test
    void dividesInTheNormalizationAndMultipliesInTheWeights() {
        Graph graph =
                new SmoothQuant()
                        .apply(
                                Draft.of(words().node("up: MatMul(n, w) -> y").output("y").model()),
                                LAB)
                        .graph();

        assertThat(TestGraphs.text(graph))
                .isEqualTo(
                        """
                        norm: LayerNormalization(x, g_scaled, b_scaled) -> n
                        up: MatMul(n, w_scaled) -> y
                        """);
        // s = sqrt(64) and sqrt(4)
        assertThat(graph.constant("g_scaled").orElseThrow().floats()).containsExactly(1, 1);
        assertThat(graph.constant("b_scaled").orElseThrow().floats()).containsExactly(1, 2);
        assertThat(graph.constant("w_scaled").orElseThrow().floats()).containsExactly(8, 2);
    }

    @Test
    void whatCannotBeFoldedIsLeftAloneAndTheReasonIsGiven() {
        Draft draft =
                new SmoothQuant()
                        .apply(
                                Draft.of(
                                        words().node("up: MatMul(n, w) -> y")
                                                .node("other: Gelu(n) -> z")
                                                .output("y")
                                                .output("z")
                                                .model()),
                                LAB);

        assertThat(draft.findings())
                .contains(new Skipped("SmoothQuant", "n", "Gelu other reads it"));
        assertThat(draft.graph().constants()).containsOnlyKeys("g", "b", "w");
    }

    @Test
    void aStrengthBeyondTheWholeIsRefused() {
        assertThatThrownBy(() -> new SmoothQuant(1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("strength 1.5 is outside 0..1");
    }
}
