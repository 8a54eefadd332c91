package dev.nibble.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

import java.util.Random;

/** Weights of operators without integer kernels. */
class StoredWriterTest {
    private static float[] random(int count) {
        Random random = new Random(4);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Graph lowered(Recipe recipe, TestGraphs graph) {
        return QdqLowering.lower(QdqLoweringTest.encode(recipe, graph.model(21), 6, true)).graph();
    }

    private static TestGraphs recurrent() {
        return TestGraphs.graph()
                .input("x")
                .constant("w", Shape.of(2, 64, 20), random(2560))
                .constant("r", Shape.of(2, 64, 16), random(2048))
                .constant("b", Shape.of(2, 128), 0)
                .node("lstm: LSTM(x, w, r, b) -> y")
                .output("y");
    }

    private static TestGraphs table() {
        return TestGraphs.graph()
                .input("i")
                .constant("t", Shape.of(40, 32), random(1280))
                .node("look: Gather(t, i) -> y")
                .output("y");
    }

    @Test
    void bothMatricesOfAnLstmBecomeFloatsWhenTheyAreLoaded() {
        Graph graph = lowered(Recipes.INT8_WEIGHTS, recurrent());
        assertThat(TestGraphs.text(graph))
                .isEqualTo(
                        """
                        w_Cast: Cast(w_quantized) -> w_codes
                        w_Mul: Mul(w_codes, w_scale) -> w_dequantized
                        r_Cast: Cast(r_quantized) -> r_codes
                        r_Mul: Mul(r_codes, r_scale) -> r_dequantized
                        lstm: LSTM(x, w_dequantized, r_dequantized, b) -> y
                        """);
        assertThat(graph.constant("w_quantized").orElseThrow().type()).isEqualTo(DataType.INT8);
        assertThat(graph.constant("w_scale").orElseThrow().shape()).isEqualTo(Shape.of(2, 64, 1));
    }

    @Test
    void rowsOfATableAreLookedUpAsCodes() {
        Graph graph = lowered(Recipes.INT8_WEIGHTS, table());
        assertThat(TestGraphs.text(graph))
                .isEqualTo(
                        """
                        look: Gather(t_quantized, i) -> y_quantized
                        look_DequantizeLinear: DequantizeLinear(y_quantized, t_unit_scale, t_unit_zero_point) -> y_codes
                        look_scales: Gather(t_scales, i) -> y_scales
                        look_Mul: Mul(y_codes, y_scales) -> y
                        """);
        assertThat(graph.constant("t_scales").orElseThrow().shape()).isEqualTo(Shape.of(40, 1));
    }

    @Test
    void narrowCodesOfATableAreWidenedOnce() {
        assertThat(TestGraphs.text(lowered(Recipes.INT4_WEIGHTS, table())))
                .contains("t_Cast: Cast(t_quantized) -> t_widened\n")
                .contains("look: Gather(t_widened, i) -> y_quantized\n");
    }

    @Test
    void aTableWithOneScaleNeedsNoOthers() {
        assertThat(TestGraphs.text(lowered(Recipes.INT8_PER_TENSOR, table())))
                .isEqualTo(
                        """
                        look: Gather(t_quantized, i) -> y_quantized
                        look_DequantizeLinear: DequantizeLinear(y_quantized, t_scale, t_zero_point) -> y
                        """);
    }

    @Test
    void readersOfOneTableShareItsCodes() {
        Graph graph =
                lowered(
                        Recipes.INT8_WEIGHTS,
                        TestGraphs.graph()
                                .input("i")
                                .input("x")
                                .constant("t", Shape.of(40, 32), random(1280))
                                .node("look: Gather(t, i) -> y")
                                .node("again: Gather(t, x) -> z")
                                .node("fc: MatMul(z, t) -> u")
                                .output("u"));
        assertThat(graph.constants().values())
                .filteredOn(tensor -> tensor.elements() == 1280)
                .hasSize(1);
    }
}
