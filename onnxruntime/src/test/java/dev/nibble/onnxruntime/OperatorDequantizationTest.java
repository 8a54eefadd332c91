package dev.nibble.onnxruntime;

import static dev.nibble.tensor.DataType.FLOAT32;
import static dev.nibble.tensor.DataType.INT8;
import static dev.nibble.tensor.DataType.UINT8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

/** Networks of operators that compute on codes against the float networks made of them. */
class OperatorDequantizationTest {
    private static final float IN = 0.01f;
    private static final float OUT = 0.02f;

    /** {@code q} holds the codes of x; {@code o} is to be the codes of y. */
    private static Sketch sketch(Object... dims) {
        return new Sketch()
                .input("x", FLOAT32, dims)
                .output("y", FLOAT32)
                .parameters("a", UINT8, IN, 128)
                .parameters("b", UINT8, OUT, 100)
                .node("q = QuantizeLinear(x, a_s, a_z)");
    }

    private static Undone undo(Sketch sketch, long... dims) {
        return Undone.of(sketch.node("y = DequantizeLinear(o, b_s, b_z)"), Sketch.numbers(dims));
    }

    @Test
    void convolutionsTakeTheirWeightsAndBiasAsFloats() {
        Sketch sketch =
                sketch(1, 2, 5, 5)
                        .codes("w", INT8, 3, 2, 3, 3)
                        .constant("ws", Networks.floats(0.001f, 0.002f, 0.003f))
                        .constant("wz", Sketch.ints(INT8, Shape.of(3), 0, 0, 0))
                        .constant("bias", Tensor.ofInts(Shape.of(3), 10000, -20000, 30000))
                        .node(
                                "o = QLinearConv(q, a_s, a_z, w, ws, wz, b_s, b_z, bias)",
                                Map.of("pads", Sketch.integers(1, 1, 1, 1)));
        Undone undone = undo(sketch, 1, 2, 5, 5).isWithin(2 * OUT);
        assertThat(undone.operators()).containsExactly("Clip", "Conv", "Clip");
    }

    @Test
    void matrixProductsMayHaveAScaleForEachColumn() {
        Sketch sketch =
                sketch(3, 4)
                        .codes("w", INT8, 4, 2)
                        .constant("ws", Networks.floats(0.01f, 0.005f))
                        .constant("wz", Sketch.ints(INT8, Shape.of(2), 0, 0))
                        .node("o = QLinearMatMul(q, a_s, a_z, w, ws, wz, b_s, b_z)");
        Undone undone = undo(sketch, 3, 4).isWithin(2 * OUT);
        assertThat(undone.operators()).containsExactly("Clip", "MatMul", "Clip");
    }

    @Test
    void productsOfTwoActivationsHaveNoConstants() {
        Sketch sketch = sketch(3, 3).node("o = QLinearMatMul(q, a_s, a_z, q, a_s, a_z, b_s, b_z)");
        undo(sketch, 3, 3).isWithin(2 * OUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"QLinearAdd", "QLinearMul"})
    void elementwiseOperatorsTakeCodesOfDifferentScales(String operator) {
        Sketch sketch =
                sketch(6)
                        .codes("c", UINT8, 6)
                        .parameters("c", UINT8, 0.004f, 120)
                        .microsoft("o = " + operator + "(q, a_s, a_z, c, c_s, c_z, b_s, b_z)");
        undo(sketch, 6).isWithin(2 * OUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "QLinearSigmoid",
                "QLinearLeakyRelu",
                "QLinearGlobalAveragePool",
                "QLinearSoftmax"
            })
    void operatorsOfOneOperandKeepTheirAttributes(String operator) {
        Map<String, Attribute> attributes =
                switch (operator) {
                    case "QLinearLeakyRelu" -> Map.of("alpha", new Attribute.FloatValue(0.3f));
                    case "QLinearSoftmax" ->
                            Map.of("axis", Sketch.integer(-1), "opset", Sketch.integer(13));
                    default -> Map.of();
                };
        Sketch sketch =
                sketch(1, 2, 3, 4)
                        .microsoft("o = " + operator + "(q, a_s, a_z, b_s, b_z)", attributes);
        Undone undone = undo(sketch, 1, 2, 3, 4).isWithin(1.5 * OUT);
        assertThat(undone.operators()).contains(operator.substring("QLinear".length()));
    }

    @Test
    void averagesArePooledInFloat() {
        Sketch sketch =
                sketch(1, 2, 4, 4)
                        .microsoft(
                                "o = QLinearAveragePool(q, a_s, a_z, b_s, b_z)",
                                Map.of(
                                        "kernel_shape", Sketch.integers(3, 3),
                                        "pads", Sketch.integers(1, 1, 1, 1),
                                        "count_include_pad", Sketch.integer(1)));
        undo(sketch, 1, 2, 4, 4).isWithin(1.5 * OUT);
    }

    @Test
    void partsOfDifferentScalesAreConcatenated() {
        Sketch sketch =
                sketch(2, 3)
                        .codes("c", UINT8, 2, 3)
                        .parameters("c", UINT8, 0.004f, 120)
                        .microsoft(
                                "o = QLinearConcat(b_s, b_z, q, a_s, a_z, c, c_s, c_z)",
                                Map.of("axis", Sketch.integer(1)));
        undo(sketch, 2, 3).isWithin(1.5 * OUT);
    }

    @Test
    void choicesAreMadeAmongFloats() {
        Sketch sketch =
                sketch(4)
                        .constant(
                                "which",
                                Tensor.ofBytes(DataType.BOOL, Shape.of(4), new byte[] {1, 0, 0, 1}))
                        .codes("c", UINT8, 4)
                        .parameters("c", UINT8, 0.004f, 120)
                        .microsoft("o = QLinearWhere(which, q, a_s, a_z, c, c_s, c_z, b_s, b_z)");
        undo(sketch, 4).isWithin(1.5 * OUT);
    }

    @Test
    void aGemmScalesItsBiasAsItsProduct() {
        Sketch sketch =
                sketch(3, 4)
                        .codes("w", INT8, 2, 4)
                        .constant("ws", Networks.floats(0.01f, 0.005f))
                        .constant("wz", Sketch.ints(INT8, Shape.of(2), 0, 0))
                        .constant("bias", Tensor.ofInts(Shape.of(2), 5000, -3000))
                        .microsoft(
                                "o = QGemm(q, a_s, a_z, w, ws, wz, bias, b_s, b_z)",
                                Map.of(
                                        "transB",
                                        Sketch.integer(1),
                                        "alpha",
                                        new Attribute.FloatValue(0.5f)));
        undo(sketch, 3, 4).isWithin(1.5 * OUT);
    }

    @Test
    void aGemmMayDeliverFloats() {
        Sketch sketch =
                sketch(3, 4)
                        .codes("w", INT8, 4, 2)
                        .parameters("w", INT8, 0.01f, 0)
                        .microsoft("y = QGemm(q, a_s, a_z, w, w_s, w_z)");
        Undone undone = Undone.of(sketch, Sketch.numbers(3, 4)).isWithin(4 * 1.28 * IN / 2);
        assertThat(undone.operators()).containsExactly("Clip", "Gemm");
    }

    @Test
    void codesAreMovedBetweenOperatorsThatComputeOnThem() {
        Sketch sketch =
                sketch(1, 2, 4, 4)
                        .node("m = MaxPool(q)", Map.of("kernel_shape", Sketch.integers(2, 2)))
                        .node("f = Flatten(m)")
                        .microsoft("o = QLinearSigmoid(f, a_s, a_z, b_s, b_z)");
        Undone undone = undo(sketch, 1, 2, 4, 4).isWithin(1.5 * OUT);
        assertThat(undone.operators()).containsExactly("Clip", "MaxPool", "Flatten", "Sigmoid");
    }

    @Test
    void codesThatTheNetworkDeliversStayCodes() {
        Sketch sketch =
                new Sketch()
                        .input("x", UINT8, 6)
                        .output("y", UINT8)
                        .parameters("a", UINT8, IN, 128)
                        .parameters("b", UINT8, OUT, 100)
                        .microsoft("y = QLinearAdd(x, a_s, a_z, x, a_s, a_z, b_s, b_z)");
        Tensor x = Sketch.ints(UINT8, Shape.of(6), 0, 255, 128, 3, 77, 200);
        Undone.of(sketch, x).isWithin(1);
    }
}
