package dev.nibble.onnxruntime;

import static dev.nibble.tensor.DataType.FLOAT32;
import static dev.nibble.tensor.DataType.INT4;
import static dev.nibble.tensor.DataType.INT64;
import static dev.nibble.tensor.DataType.INT8;
import static dev.nibble.tensor.DataType.UINT8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

/**
 * Networks that choose scales while they run, or hold weights only as codes, against float ones.
 */
class DynamicDequantizationTest {
    /** Half a step of codes for −1..1, times the greatest weight, times their number. */
    private static final double ROUNDING = 0.5 * 2 / 255 * 1.28 * 4;

    private static Sketch sketch(Object... dims) {
        return new Sketch()
                .input("x", FLOAT32, dims)
                .output("y", FLOAT32)
                .constant("bias", Networks.floats(0.5f, -0.25f, 4))
                .node("q, qs, qz = DynamicQuantizeLinear(x)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"qs, ws", "ws, qs"})
    void aProductIsFloatAgainWithItsScalesInItsWeights(String scales) {
        Sketch sketch =
                sketch(2, 4)
                        .codes("w", INT8, 4, 3)
                        .constant("ws", Networks.floats(0.01f, 0.001f, 0.005f))
                        .constant("wz", Sketch.ints(INT8, Shape.of(3), 1, 2, 3))
                        .node("i = MatMulInteger(q, w, qz, wz)")
                        .node("s = Mul(" + scales + ")")
                        .node("f = Cast(i)", Map.of("to", Sketch.integer(1)))
                        .node("p = Mul(f, s)")
                        .node("y = Add(p, bias)");
        Undone undone = Undone.of(sketch, Sketch.numbers(2, 4)).isWithin(ROUNDING);
        assertThat(undone.operators()).containsExactly("MatMul", "Add");
        assertThat(undone.model().graph().nodes().getFirst().output(0)).isEqualTo("p");
    }

    @Test
    void scalesMayBeAppliedOneAfterTheOther() {
        Sketch sketch =
                sketch(2, 4)
                        .codes("w", UINT8, 4, 3)
                        .constant("ws", Networks.floats(0.01f))
                        .node("i = MatMulInteger(q, w, qz)")
                        .node("f = Cast(i)", Map.of("to", Sketch.integer(1)))
                        .node("p = Mul(f, qs)")
                        .node("y = Mul(ws, p)");
        Undone undone = Undone.of(sketch, Sketch.numbers(2, 4)).isWithin(2 * ROUNDING);
        assertThat(undone.operators()).containsExactly("MatMul");
    }

    @Test
    void aProductOfTwoComputedOperandsHasTwoComputedScales() {
        Sketch sketch =
                sketch(3, 3)
                        .node("i = MatMulInteger(q, q, qz, qz)")
                        .node("s = Mul(qs, qs)")
                        .node("f = Cast(i)", Map.of("to", Sketch.integer(1)))
                        .node("y = Mul(f, s)");
        Undone undone = Undone.of(sketch, Sketch.numbers(3, 3)).isWithin(ROUNDING);
        assertThat(undone.operators()).containsExactly("MatMul");
    }

    @Test
    void codesOfAFixedScaleMayMeetIntegerProducts() {
        Sketch sketch =
                new Sketch()
                        .input("x", FLOAT32, 2, 4)
                        .output("y", FLOAT32)
                        .parameters("a", UINT8, 0.008f, 128)
                        .node("q = QuantizeLinear(x, a_s, a_z)")
                        .codes("w", INT8, 4, 3)
                        .constant("s", Networks.floats(0.00008f))
                        .node("i = MatMulInteger(q, w, a_z)")
                        .node("f = Cast(i)", Map.of("to", Sketch.integer(1)))
                        .node("y = Mul(f, s)");
        Undone undone = Undone.of(sketch, Sketch.numbers(2, 4)).isWithin(ROUNDING);
        assertThat(undone.operators()).containsExactly("Clip", "MatMul");
    }

    @Test
    void convolutionsKeepTheirAttributes() {
        Sketch sketch =
                sketch(1, 2, 5, 5)
                        .codes("w", UINT8, 3, 2, 2, 2)
                        .parameters("w", UINT8, 0.01f, 120)
                        .node(
                                "i = ConvInteger(q, w, qz, w_z)",
                                Map.of(
                                        "strides",
                                        Sketch.integers(2, 2),
                                        "pads",
                                        Sketch.integers(1, 1, 0, 0)))
                        .node("s = Mul(qs, w_s)")
                        .node("f = Cast(i)", Map.of("to", Sketch.integer(1)))
                        .node("y = Mul(f, s)");
        Undone undone = Undone.of(sketch, Sketch.numbers(1, 2, 5, 5)).isWithin(2 * ROUNDING);
        assertThat(undone.operators()).containsExactly("Conv");
    }

    @Test
    void aScaleThatIsComputedMayBeUndoneAtOnce() {
        Sketch sketch = sketch(6).node("y = DequantizeLinear(q, qs, qz)");
        Undone.of(sketch, Sketch.numbers(6)).isWithin(1 / 255.0);
    }

    @Test
    void fusedProductsHaveTheirBiasAdded() {
        Sketch sketch =
                new Sketch()
                        .input("x", FLOAT32, 2, 4)
                        .output("y", FLOAT32)
                        .constant("bias", Networks.floats(0.5f, -0.25f, 4))
                        .codes("w", INT8, 4, 3)
                        .constant("ws", Networks.floats(0.01f, 0.001f, 0.005f))
                        .constant("wz", Sketch.ints(INT8, Shape.of(3), 0, 0, 0))
                        .microsoft("y = DynamicQuantizeMatMul(x, w, ws, wz, bias)");
        Undone undone = Undone.of(sketch, Sketch.numbers(2, 4)).isWithin(ROUNDING);
        assertThat(undone.operators()).containsExactly("MatMul", "Add");
    }

    @Test
    void integerProductsWithFloatResultsReadCodes() {
        Sketch sketch =
                sketch(2, 4)
                        .codes("w", UINT8, 4, 3)
                        .parameters("w", UINT8, 0.01f, 128)
                        .microsoft("y = MatMulIntegerToFloat(q, w, qs, w_s, qz, w_z, bias)");
        Undone.of(sketch, Sketch.numbers(2, 4)).isWithin(ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"4, true", "4, false", "8, true", "8, false"})
    void weightsInBlocksGetTheNumbersThatTheRuntimeComputesWith(int bits, boolean zeroPoints) {
        int bytes = 16 * bits / 8;
        Sketch sketch =
                new Sketch()
                        .input("x", FLOAT32, 40, 40)
                        .output("y", FLOAT32)
                        .codes("w", UINT8, 3, 3, bytes)
                        .constant(
                                "s",
                                Networks.floats(
                                        0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f))
                        .codes("z", UINT8, 3L * Math.ceilDiv(3 * bits, 8));
        Map<String, Attribute> attributes =
                Map.of(
                        "K", Sketch.integer(40),
                        "N", Sketch.integer(3),
                        "bits", Sketch.integer(bits),
                        "block_size", Sketch.integer(16));
        sketch.microsoft(
                zeroPoints ? "y = MatMulNBits(x, w, s, z)" : "y = MatMulNBits(x, w, s)",
                attributes);
        Undone undone = Undone.of(sketch, identity(40)).isWithin(1e-4);
        assertThat(undone.operators()).containsExactly("MatMul");
    }

    private static Tensor identity(int size) {
        float[] values = new float[size * size];
        for (int i = 0; i < size; i++) {
            values[i * size + i] = 1;
        }
        return Tensor.ofFloats(Shape.of(size, size), values);
    }

    @Test
    void tablesInBlocksBecomeFloatTables() {
        Sketch sketch =
                new Sketch()
                        .input("x", INT64, 3)
                        .output("y", FLOAT32)
                        .codes("table", INT4, 5, 32)
                        .constant(
                                "s", Tensor.ofFloats(Shape.of(5, 2), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
                        .microsoft(
                                "y = GatherBlockQuantized(table, x, s)",
                                Map.of(
                                        "gather_axis", Sketch.integer(0),
                                        "quantize_axis", Sketch.integer(1),
                                        "block_size", Sketch.integer(16)));
        Undone undone = Undone.of(sketch, Tensor.ofLongs(Shape.of(3), 4, 0, 2)).isWithin(0);
        assertThat(undone.operators()).containsExactly("Gather");
    }

    @ParameterizedTest
    @CsvSource({"2", "24"})
    void recurrentWeightsAreTurnedRound(int scales) {
        Sketch sketch =
                new Sketch()
                        .input("x", FLOAT32, 5, 1, 4)
                        .output("y", FLOAT32)
                        .codes("w", INT8, 2, 4, 12)
                        .codes("r", INT8, 2, 3, 12)
                        .constant("s", scales(scales))
                        .constant("z", Sketch.ints(INT8, scaleShape(scales), new int[scales]))
                        .microsoft(
                                "all, y = DynamicQuantizeLSTM(x, w, r, , , , , , s, z, s, z)",
                                Map.of(
                                        "hidden_size",
                                        Sketch.integer(3),
                                        "direction",
                                        new Attribute.StringValue("bidirectional")));
        Undone undone = Undone.of(sketch, Sketch.numbers(5, 1, 4)).isWithin(0.02);
        assertThat(undone.operators()).containsExactly("LSTM");
    }

    private static Shape scaleShape(int scales) {
        return scales == 2 ? Shape.of(2) : Shape.of(2, scales / 2);
    }

    private static Tensor scales(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 0.004f + 0.0005f * i;
        }
        return Tensor.ofFloats(scaleShape(count), values);
    }

    @Test
    void rowsOfATableThatGoIntoAnIntegerProductAreFloatFromTheStart() {
        Sketch sketch =
                new Sketch()
                        .input("x", INT64, 2)
                        .output("y", FLOAT32)
                        .codes("table", UINT8, 5, 4)
                        .parameters("t", UINT8, 0.02f, 100)
                        .codes("w", UINT8, 2, 3)
                        .parameters("w", UINT8, 0.01f, 128)
                        .node("rows = Gather(table, x)")
                        .node("q = Transpose(rows)", Map.of("perm", Sketch.integers(1, 0)))
                        .node("i = MatMulInteger(q, w, t_z, w_z)")
                        .node("s = Mul(t_s, w_s)")
                        .node("f = Cast(i)", Map.of("to", Sketch.integer(1)))
                        .node("y = Mul(f, s)");
        Undone undone = Undone.of(sketch, Tensor.ofLongs(Shape.of(2), 4, 1)).isWithin(1e-4);
        assertThat(undone.operators()).containsExactly("Gather", "Transpose", "MatMul");
        float[] table = undone.model().graph().constant(table(undone)).orElseThrow().floats();
        // codes of 0..255 about 100, in steps of 0.02
        for (float value : table) {
            assertThat(value).isBetween(-2.01f, 3.11f);
        }
    }

    private static String table(Undone undone) {
        return undone.model().graph().nodes().getFirst().input(0);
    }
}
