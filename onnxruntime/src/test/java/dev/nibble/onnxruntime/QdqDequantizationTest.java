package dev.nibble.onnxruntime;

import static dev.nibble.tensor.DataType.FLOAT32;
import static dev.nibble.tensor.DataType.INT4;
import static dev.nibble.tensor.DataType.INT8;
import static dev.nibble.tensor.DataType.UINT16;
import static dev.nibble.tensor.DataType.UINT8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Map;

/** Networks of QuantizeLinear and DequantizeLinear against the float networks made of them. */
class QdqDequantizationTest {
    private static final float STEP = 0.02f;

    private static Sketch sketch(Object... dims) {
        return new Sketch().input("x", FLOAT32, dims).output("y", FLOAT32);
    }

    @Test
    void aConvolutionDiffersByTheRoundingOfItsActivationsOnly() {
        Sketch sketch =
                sketch(1, 2, 5, 5)
                        .pair("x", "a", UINT8, 0.01f, 128)
                        .codes("w", INT8, 3, 2, 3, 3)
                        .constant("ws", Networks.floats(0.001f, 0.002f, 0.003f))
                        .constant("wz", Sketch.ints(INT8, Shape.of(3), 0, 0, 0))
                        .node("wf = DequantizeLinear(w, ws, wz)", Map.of("axis", Sketch.integer(0)))
                        .constant("b", Tensor.ofInts(Shape.of(3), 1000, -2000, 3000))
                        .constant("bs", Networks.floats(0.00001f, 0.00002f, 0.00003f))
                        .node("bf = DequantizeLinear(b, bs)", Map.of("axis", Sketch.integer(0)))
                        .node("c = Conv(a, wf, bf)")
                        .pair("c", "y", UINT8, STEP, 100);
        Undone undone = Undone.of(sketch, Sketch.numbers(1, 2, 5, 5)).isWithin(1.5 * STEP);
        assertThat(undone.operators()).containsExactly("Clip", "Conv", "Clip");
    }

    @Test
    void whatSaturatesInCodesIsClippedInFloat() {
        Sketch sketch = sketch(4).pair("x", "y", UINT8, 0.1f, 0);
        Undone undone = Undone.of(sketch, Networks.floats(-5, 0, 7, 100)).isWithin(1e-5);
        assertThat(Networks.get(undone.floats(), "y").floats()).containsExactly(0, 0, 7, 25.5f);
    }

    @Test
    void aRangeThatTheValueKeepsAnywayTakesNoClip() {
        Sketch sketch =
                sketch(4)
                        .node("s = Sigmoid(x)")
                        .pair("s", "a", UINT8, 1 / 256f, 0)
                        .node("r = Reshape(a, shape)")
                        .constant("shape", Tensor.ofLongs(Shape.of(2), 2, 2))
                        .pair("r", "y", UINT8, 1 / 256f, 0);
        Undone undone = Undone.of(sketch, Networks.floats(-5, 0, 7, 100)).isWithin(1 / 250.0);
        assertThat(undone.operators()).containsExactly("Sigmoid", "Reshape");
    }

    @Test
    void codesMayHaveSeveralReaders() {
        Sketch sketch =
                sketch(6)
                        .parameters("a", INT8, 0.01f, 3)
                        .node("q = QuantizeLinear(x, a_s, a_z)")
                        .node("one = DequantizeLinear(q, a_s, a_z)")
                        .node("two = DequantizeLinear(q, a_s, a_z)")
                        .node("y = Sub(one, half)")
                        .node("z = Mul(two, half)")
                        .constant("half", Networks.floats(0.5f))
                        .output("z", FLOAT32);
        Undone undone = Undone.of(sketch, Sketch.numbers(6)).isWithin(0.01);
        assertThat(undone.operators()).containsExactly("Clip", "Sub", "Mul");
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8", "UINT8", "INT16", "UINT16", "INT4", "UINT4"})
    void constantsOfEveryFormatGetTheBitsThatTheRuntimeGivesThem(DataType type) {
        Sketch sketch =
                sketch(4, 6)
                        .codes("w", type, 4, 6)
                        .constant("s", Sketch.numbers(2, 6))
                        .constant(
                                "z",
                                Sketch.ints(
                                        type, Shape.of(2, 6), 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4))
                        .constant("s", positive(2, 6))
                        .node(
                                "wf = DequantizeLinear(w, s, z)",
                                Map.of("axis", Sketch.integer(0), "block_size", Sketch.integer(2)))
                        .node("y = Add(x, wf)");
        Undone.of(sketch, zeros(4, 6)).isWithin(0);
    }

    private static Tensor positive(long... dims) {
        float[] values = Sketch.numbers(dims).floats();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]) + 0.01f;
        }
        return Tensor.ofFloats(Shape.of(dims), values);
    }

    private static Tensor zeros(long... dims) {
        return Tensor.ofFloats(Shape.of(dims), new float[(int) Shape.of(dims).elements()]);
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "1, 6", "-1, 6"})
    void scalesMayCountAlongAnyAxis(int axis, int scales) {
        Sketch sketch =
                sketch(4, 6)
                        .codes("w", INT8, 4, 6)
                        .constant("s", positive(scales))
                        .node("wf = DequantizeLinear(w, s)", Map.of("axis", Sketch.integer(axis)))
                        .node("y = Add(x, wf)");
        Undone.of(sketch, zeros(4, 6)).isWithin(0);
    }

    @Test
    void fourBitCodesMayBeWidenedFirst() {
        Sketch sketch =
                sketch(4, 6)
                        .codes("w", INT4, 4, 6)
                        .parameters("w", INT8, 0.25f, 0)
                        .node("wide = Cast(w)", Map.of("to", Sketch.integer(3)))
                        .node("wf = DequantizeLinear(wide, w_s, w_z)")
                        .node("y = Add(x, wf)");
        Undone undone = Undone.of(sketch, zeros(4, 6)).isWithin(0);
        assertThat(undone.operators()).containsExactly("Add");
    }

    @Test
    void aCallerThatFeedsAndGetsCodesGoesOnDoingSo() {
        Sketch sketch =
                new Sketch()
                        .input("x", UINT8, 2, 3)
                        .output("y", UINT8)
                        .parameters("a", UINT8, 0.05f, 7)
                        .node("xf = DequantizeLinear(x, a_s, a_z)")
                        .node("h = Mul(xf, xf)")
                        .parameters("o", UINT8, 0.5f, 3)
                        .node("y = QuantizeLinear(h, o_s, o_z)");
        Tensor x = Sketch.ints(UINT8, Shape.of(2, 3), 0, 7, 100, 200, 255, 31);
        Undone undone = Undone.of(sketch, x).isWithin(0);
        assertThat(undone.operators())
                .containsExactly(
                        "Cast", "Sub", "Mul", "Mul", "Div", "Round", "Add", "Clip", "Cast");
    }

    @Test
    void floatWeightsInFrontOfAPairAreRoundedForGood() {
        Sketch sketch =
                sketch(4, 6)
                        .constant("w", Sketch.numbers(4, 6))
                        .pair("w", "wf", INT8, 0.007f, 5)
                        .node("y = Add(x, wf)");
        Undone undone = Undone.of(sketch, zeros(4, 6)).isWithin(0);
        assertThat(undone.operators()).containsExactly("Add");
    }

    @Test
    void operatorsThatMoveCodesMoveFloats() {
        Sketch sketch =
                sketch(1, 2, 4, 4)
                        .parameters("a", UINT8, 0.01f, 130)
                        .constant("pads", Tensor.ofLongs(Shape.of(8), 0, 0, 1, 1, 0, 0, 1, 1))
                        .constant("pad", Sketch.ints(UINT8, Shape.scalar(), 140))
                        .node("q = QuantizeLinear(x, a_s, a_z)")
                        .node("p = Pad(q, pads, pad)")
                        .node("m = MaxPool(p)", Map.of("kernel_shape", Sketch.integers(2, 2)))
                        .node("t = Transpose(m)", Map.of("perm", Sketch.integers(0, 2, 3, 1)))
                        .node("d = Concat(t, t)", Map.of("axis", Sketch.integer(1)))
                        .node("y = DequantizeLinear(d, a_s, a_z)");
        Undone undone = Undone.of(sketch, Sketch.numbers(1, 2, 4, 4)).isWithin(0.006);
        assertThat(undone.operators())
                .containsExactly("Clip", "Pad", "MaxPool", "Transpose", "Concat");
    }

    @Test
    void aTableOfCodesIsFloatBeforeItIsLookedUp() {
        Sketch sketch =
                new Sketch()
                        .input("x", DataType.INT64, 3)
                        .output("y", FLOAT32)
                        .codes("table", INT8, 5, 4)
                        .parameters("t", INT8, 0.1f, -3)
                        .node("rows = Gather(table, x)")
                        .node("y = DequantizeLinear(rows, t_s, t_z)");
        Undone undone = Undone.of(sketch, Tensor.ofLongs(Shape.of(3), 4, 0, 2)).isWithin(0);
        assertThat(undone.operators()).containsExactly("Gather");
        assertThat(undone.model().graph().constants().values())
                .allSatisfy(tensor -> assertThat(tensor.type()).isEqualTo(FLOAT32));
    }

    @Test
    void theRuntimesOwnPairsAreKnownToo() {
        Sketch sketch =
                sketch(6)
                        .parameters("a", UINT16, 1e-4f, 30000)
                        .microsoft("q = QuantizeLinear(x, a_s, a_z)")
                        .microsoft("y = DequantizeLinear(q, a_s, a_z)");
        Undone.of(sketch, Sketch.numbers(6)).isWithin(1e-4);
    }

    @Test
    void subgraphsAreUndoneWithTheConstantsAroundThem() {
        Graph branch =
                Graph.of(
                        "branch",
                        List.of(
                                Node.of(
                                        "dq",
                                        "DequantizeLinear",
                                        List.of("w", "a_s", "a_z"),
                                        List.of("wf")),
                                Node.of("add", "Add", List.of("x", "wf"), List.of("r"))),
                        List.of(),
                        List.of(ValueInfo.of("r", new ValueInfo.UnrankedTensor(FLOAT32))),
                        Map.of());
        Graph other =
                Graph.of(
                        "other",
                        List.of(Node.of("neg", "Neg", List.of("x"), List.of("n"))),
                        List.of(),
                        List.of(ValueInfo.of("n", new ValueInfo.UnrankedTensor(FLOAT32))),
                        Map.of());
        Sketch sketch =
                sketch(6)
                        .codes("w", INT8, 6)
                        .parameters("a", INT8, 0.1f, 4)
                        .constant("yes", Sketch.ints(INT8, Shape.scalar(), 1))
                        .node("c = Cast(yes)", Map.of("to", Sketch.integer(9)))
                        .node(
                                "y = If(c)",
                                Map.of(
                                        "then_branch", new Attribute.GraphValue(branch),
                                        "else_branch", new Attribute.GraphValue(other)));
        Undone undone = Undone.of(sketch, Sketch.numbers(6)).isWithin(0);
        assertThat(undone.model().graph().constants()).doesNotContainKeys("w", "a_s", "a_z");
    }

    @Test
    void halfPrecisionStaysHalfPrecision() {
        Tensor scale = Tensor.ofBytes(DataType.FLOAT16, Shape.scalar(), (byte) 0, (byte) 0x24);
        Sketch sketch =
                new Sketch()
                        .input("x", DataType.FLOAT16, 4)
                        .output("y", DataType.FLOAT16)
                        .constant("s", scale)
                        .constant("z", Sketch.ints(INT8, Shape.scalar(), 0))
                        .codes("w", INT8, 4)
                        .node("wf = DequantizeLinear(w, s, z)")
                        .node("h = Add(x, wf)")
                        .node("q = QuantizeLinear(h, s, z)")
                        .node("y = DequantizeLinear(q, s, z)");
        Tensor x = Tensor.ofBytes(DataType.FLOAT16, Shape.of(4), new byte[8]);
        Undone.of(sketch, x).isWithin(0.01);
    }
}
