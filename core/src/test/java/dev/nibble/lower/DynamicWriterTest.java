package dev.nibble.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.TestGraphs;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Weights;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

class DynamicWriterTest {
    private static TestGraphs products() {
        return TestGraphs.graph()
                .input("x")
                .constant("gw", Shape.of(2, 3), 1, -2, 3, 127, 64, -127)
                .constant("gb", Shape.of(2), 1, -1)
                .node("gemm: Gemm(x, gw, gb) -> a")
                .with("transB", 1)
                .constant("mw", Shape.of(3, 2), 1, 2, -3, 4, 5, -6)
                .node("mul: MatMul(x, mw) -> b")
                .node("sum: Add(a, b) -> y")
                .output("y");
    }

    private static Model lowered(Recipe recipe, Model model) {
        return QdqLowering.lower(QdqLoweringTest.encode(recipe, model, 6, true));
    }

    @Test
    void whatSeveralProductsReadIsQuantizedOnceInTheFormThatRuntimesFuse() {
        Graph graph = lowered(Recipes.INT8_DYNAMIC, products().model(13)).graph();
        assertThat(TestGraphs.text(graph))
                .isEqualTo(
                        """
                        x_DynamicQuantizeLinear: DynamicQuantizeLinear(x) -> x_quantized, x_scale, x_zero_point
                        gemm: MatMulInteger(x_quantized, gw_transposed_quantized, x_zero_point, gw_transposed_zero_point) -> a_integer
                        gemm_Cast: Cast(a_integer) -> a_float
                        gemm_scales_Mul: Mul(x_scale, gw_transposed_scale) -> a_scales
                        gemm_Mul: Mul(a_float, a_scales) -> a_product
                        gemm_Add: Add(a_product, gb) -> a
                        mul: MatMulInteger(x_quantized, mw_quantized, x_zero_point, mw_zero_point) -> b_integer
                        mul_Cast: Cast(b_integer) -> b_float
                        mul_scales_Mul: Mul(x_scale, mw_scale) -> b_scales
                        mul_Mul: Mul(b_float, b_scales) -> b
                        sum: Add(a, b) -> y
                        """);
        Tensor codes = graph.constant("gw_transposed_quantized").orElseThrow();
        assertThat(codes.shape()).isEqualTo(Shape.of(3, 2));
        assertThat(codes.longs()).containsExactly(42, 127, -85, 64, 127, -127);
        assertThat(graph.constant("gw_transposed_scale").orElseThrow().floats())
                .containsExactly(3f / 127, 1);
        assertThat(graph.constant("gw_transposed_zero_point").orElseThrow())
                .isEqualTo(Tensor.ofBytes(DataType.INT8, Shape.scalar(), (byte) 0));
    }

    @Test
    void weightsMayHaveOneScaleAndAnotherZero() {
        Recipe recipe =
                Recipe.of(
                        "unsigned",
                        Weights.perTensor(NumberFormats.UINT8),
                        Recipes.INT8_DYNAMIC.activations());
        Graph graph = lowered(recipe, products().model(13)).graph();
        assertThat(graph.constant("mw_scale").orElseThrow().shape()).isEqualTo(Shape.scalar());
        assertThat(graph.constant("mw_zero_point").orElseThrow())
                .isEqualTo(Tensor.ofBytes(DataType.UINT8, Shape.scalar(), (byte) 128));
    }

    @Test
    void productsAloneNeedNoMoreThanTheOpsetThatQuantizesAtRunTime() {
        assertThat(lowered(Recipes.INT8_DYNAMIC, products().model(9)).opset()).isEqualTo(11);
        assertThat(lowered(Recipes.INT8_DYNAMIC, products().model(12)).opset()).isEqualTo(12);
        assertThat(lowered(Recipes.INT8_WEIGHTS, products().model(12)).opset()).isEqualTo(13);
    }

    @Test
    void convolutionsGetFloatsWhenTheyAreLoaded() {
        Model model =
                TestGraphs.graph()
                        .input("x")
                        .conv("c", "x", "a", 1, 3)
                        .constant("mw", Shape.of(3, 2), 1, 2, -3, 4, 5, -6)
                        .node("mul: MatMul(a, mw) -> y")
                        .output("y")
                        .model(11);
        Model lowered = lowered(Recipes.INT8_DYNAMIC, model);
        assertThat(lowered.opset()).isEqualTo(11);
        assertThat(TestGraphs.text(lowered.graph()))
                .contains("c_w_Mul: Mul(c_w_codes, c_w_scale) -> c_w_dequantized\n")
                .contains("c: Conv(x, c_w_dequantized, c_b) -> a\n")
                .contains("a_DynamicQuantizeLinear: DynamicQuantizeLinear(a) -> ");
    }
}
