package dev.nibble.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Model;
import dev.nibble.graph.TestGraphs;
import dev.nibble.number.Encoding;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.pass.Draft;
import dev.nibble.pass.FixedLab;
import dev.nibble.pass.Planning;
import dev.nibble.pass.RangeOverrides;
import dev.nibble.pass.WeightRanges;
import dev.nibble.plan.Decision;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class QdqLoweringTest {
    private static final FixedLab LAB = new FixedLab(Map.of());

    /**
     * Plans a graph and gives every activation the range 0..{@code max}, or −max..max if {@code
     * signed}.
     */
    static Draft encode(Recipe recipe, Model model, float max, boolean signed) {
        Draft planned =
                new WeightRanges(RangeOverrides.NONE)
                        .apply(
                                new Planning(recipe, Target.ONNX_RUNTIME_CPU)
                                        .apply(Draft.of(model), LAB),
                                LAB);
        Plan plan = planned.plan();
        for (Map.Entry<String, Decision> entry : plan.values().entrySet()) {
            if (entry.getValue() instanceof Decision.Planned(Scheme scheme)) {
                plan =
                        plan.withEncoding(
                                entry.getKey(),
                                Encoding.ofRange(scheme, new Range(signed ? -max : 0, max)));
            }
        }
        return planned.with(plan);
    }

    private static String lowered(TestGraphs graph, float max, boolean signed) {
        return TestGraphs.text(
                QdqLowering.lower(encode(Recipes.INT8, graph.model(), max, signed)).graph());
    }

    private static TestGraphs twoLayers() {
        return TestGraphs.graph()
                .input("x")
                .conv("c1", "x", "a", 1, 3)
                .node("r: Relu(a) -> b")
                .conv("c2", "b", "y", 1, 0)
                .output("y");
    }

    @Test
    void putsPairsAroundConvolutionsAndLeavesTheRectifierOut() {
        assertThat(lowered(twoLayers(), 6, false))
                .isEqualTo(
                        """
                        x_QuantizeLinear: QuantizeLinear(x, x_scale, x_zero_point) -> x_quantized
                        x_DequantizeLinear: DequantizeLinear(x_quantized, x_scale, x_zero_point) -> x_dequantized
                        c1_w_DequantizeLinear: DequantizeLinear(c1_w_quantized, c1_w_scale, c1_w_zero_point) -> c1_w_dequantized
                        c1_bias_DequantizeLinear: DequantizeLinear(c1_bias_quantized, c1_bias_scale, c1_bias_zero_point) -> c1_bias
                        c2_w_DequantizeLinear: DequantizeLinear(c2_w_quantized, c2_w_scale, c2_w_zero_point) -> c2_w_dequantized
                        c2_bias_DequantizeLinear: DequantizeLinear(c2_bias_quantized, c2_bias_scale, c2_bias_zero_point) -> c2_bias
                        c1: Conv(x_dequantized, c1_w_dequantized, c1_bias) -> b_raw
                        b_QuantizeLinear: QuantizeLinear(b_raw, a_scale, a_zero_point) -> b_quantized
                        b_DequantizeLinear: DequantizeLinear(b_quantized, a_scale, a_zero_point) -> b
                        c2: Conv(b, c2_w_dequantized, c2_bias) -> y_raw
                        y_QuantizeLinear: QuantizeLinear(y_raw, y_scale, y_zero_point) -> y_quantized
                        y_DequantizeLinear: DequantizeLinear(y_quantized, y_scale, y_zero_point) -> y
                        """);
    }

    @Test
    void keepsARectifierThatTheRangeDoesNotReplace() {
        assertThat(lowered(twoLayers(), 6, true))
                .contains("c1: Conv(x_dequantized, c1_w_dequantized, c1_bias) -> a_raw\n")
                .contains(
                        "a_DequantizeLinear: DequantizeLinear(a_quantized, a_scale, a_zero_point)"
                                + " -> a\n")
                .contains("r: Relu(a) -> b_raw\n")
                .contains(
                        "b_DequantizeLinear: DequantizeLinear(b_quantized, a_scale, a_zero_point)"
                                + " -> b\n");
    }

    @Test
    void leavesAClipOutWhoseBoundsAreNodes() {
        String text =
                lowered(
                        TestGraphs.graph()
                                .input("x")
                                .conv("c1", "x", "a", 1, 3)
                                .node("low: Constant() -> zero")
                                .with("value", bound(0))
                                .node("high: Constant() -> six")
                                .with("value", bound(6))
                                .node("r: Clip(a, zero, six) -> b")
                                .conv("c2", "b", "y", 1, 0)
                                .output("y"),
                        6,
                        false);

        assertThat(text).contains("c1: Conv(x_dequantized, c1_w_dequantized, c1_bias) -> b_raw\n");
        assertThat(text.lines().filter(line -> line.startsWith("b_QuantizeLinear")))
                .containsExactly(
                        "b_QuantizeLinear: QuantizeLinear(b_raw, a_scale, a_zero_point) ->"
                                + " b_quantized");
    }

    private static Attribute bound(float value) {
        return new Attribute.TensorValue(Tensor.ofFloats(Shape.scalar(), value));
    }

    @Test
    void storesWeightsAsCodesAndBiasesAs32Bits() {
        Model model = QdqLowering.lower(encode(Recipes.INT8, twoLayers().model(), 6, false));

        Tensor weight = model.graph().constant("c1_w_quantized").orElseThrow();
        assertThat(weight.type()).isEqualTo(DataType.INT8);
        assertThat(weight.longs()).containsExactly(127);
        Tensor bias = model.graph().constant("c1_bias_quantized").orElseThrow();
        assertThat(bias.type()).isEqualTo(DataType.INT32);
        float scale = model.graph().constant("c1_bias_scale").orElseThrow().floats()[0];
        assertThat(scale).isEqualTo((6 / 255f) * (1 / 127f));
        assertThat(bias.longs()).containsExactly(Math.round(3.0 / scale));
        assertThat(model.graph().constants()).doesNotContainKeys("c1_w", "c1_b");
    }

    @Test
    void letsFloatNodesReadWhatFloatNodesMake() {
        String text =
                lowered(
                        TestGraphs.graph()
                                .input("x")
                                .node("s: Softmax(x) -> f")
                                .conv("c1", "f", "a", 1, 0)
                                .node("t: Softmax(f) -> g")
                                .output("a")
                                .output("g"),
                        1,
                        false);

        assertThat(text)
                .contains("s: Softmax(x) -> f\n")
                .contains("f_QuantizeLinear: QuantizeLinear(f, ")
                .contains("c1: Conv(f_dequantized, ")
                .contains("t: Softmax(f) -> g\n");
    }

    @Test
    void givesTheReadersOfSharedWeightsOneCopy() {
        String text =
                lowered(
                        TestGraphs.graph()
                                .input("x")
                                .constant("w", Shape.of(1, 1, 1, 1), 1)
                                .node("c1: Conv(x, w) -> a")
                                .node("c2: Conv(a, w) -> y")
                                .output("y"),
                        1,
                        false);

        assertThat(text.split("w_DequantizeLinear: ", -1)).hasSize(2);
        assertThat(text).contains("Conv(x_dequantized, w_dequantized)", "Conv(a, w_dequantized)");
    }

    @Test
    void hidesALayerLeftFloatFromTheRuntimesOwnQuantizer() {
        Model model =
                TestGraphs.graph()
                        .input("x")
                        .conv("c1", "x", "a", 1, 0)
                        .conv("c2", "a", "b", 1, 0)
                        .conv("c3", "b", "y", 1, 0)
                        .output("y")
                        .model();
        Recipe recipe = Recipes.INT8.keepingFloat(List.of(new NamePattern("c2")));

        String text = TestGraphs.text(QdqLowering.lower(encode(recipe, model, 1, false)).graph());

        assertThat(text)
                .contains("c2_island: Max(a) -> a_float\n", "c2: Conv(a_float, c2_w, c2_b) -> b\n");
    }

    @Test
    void storesOnlyWeightsWhereActivationsStayFloat() {
        String text =
                TestGraphs.text(
                        QdqLowering.lower(
                                        encode(Recipes.INT8_WEIGHTS, twoLayers().model(), 1, false))
                                .graph());

        assertThat(text)
                .contains("c1: Conv(x, c1_w_dequantized, c1_b) -> a\n")
                .doesNotContain(" QuantizeLinear(");
    }

    @Test
    void raisesTheOpsetWhereNothingChangesItsMeaning() {
        Model old = twoLayers().model(12);

        assertThat(QdqLowering.lower(encode(Recipes.INT8, old, 1, false)).opset()).isEqualTo(13);
        assertThat(QdqLowering.lower(encode(Recipes.A16W8, old, 1, false)).opset()).isEqualTo(21);
    }

    @Test
    void aNodeThatMeansSomethingElseThereIsRewritten() {
        Model old =
                TestGraphs.graph()
                        .input("x")
                        .conv("c1", "x", "a", 1, 0)
                        .node("soft: Softmax(a) -> y")
                        .output("y")
                        .model(12);

        Model lowered = QdqLowering.lower(encode(Recipes.INT8, old, 1, false));
        assertThat(lowered.opset()).isEqualTo(13);
        assertThat(lowered.graph().node("soft").input(0)).isEqualTo("y_matrix");
    }

    @Test
    void wantsEveryPlannedValueToHaveItsNumbers() {
        Draft planned =
                new Planning(Recipes.INT8, Target.ONNX_RUNTIME_CPU)
                        .apply(Draft.of(twoLayers().model()), LAB);

        assertThatThrownBy(() -> QdqLowering.lower(planned))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("calibrate first");
    }
}
