package dev.nibble.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;

import org.junit.jupiter.api.Test;

class DirectMovementTest {
    private static String lowered(Recipe recipe) {
        Graph graph =
                QdqLowering.lower(
                                QdqLoweringTest.encode(
                                        recipe,
                                        TestGraphs.graph()
                                                .input("x")
                                                .conv("c1", "x", "a", 1, 0)
                                                .node("pad: Pad(a, pads) -> b")
                                                .conv("c2", "b", "y", 1, 0)
                                                .output("y")
                                                .model(21),
                                        6,
                                        true))
                        .graph();
        return TestGraphs.text(graph);
    }

    @Test
    void padsWithTheCodeOfZero() {
        assertThat(lowered(Recipes.INT8))
                .contains(
                        """
                        a_QuantizeLinear: QuantizeLinear(a_raw, a_scale, a_zero_point) -> a_quantized
                        pad: Pad(a_quantized, pads, a_zero_point) -> b_quantized
                        b_DequantizeLinear: DequantizeLinear(b_quantized, a_scale, a_zero_point) -> b
                        """)
                .doesNotContain("b_QuantizeLinear", "a_DequantizeLinear");
    }

    @Test
    void leavesWideCodesForWhichThereIsNoKernel() {
        assertThat(lowered(Recipes.A16W8)).contains("b_QuantizeLinear");
    }
}
