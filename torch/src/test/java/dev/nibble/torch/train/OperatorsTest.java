package dev.nibble.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class OperatorsTest {
    private static final Tensor PICTURE = floats(Shape.of(1, 1, 2, 2), 1, 2, 3, 4);

    @Test
    void convolvesWithPadding() {
        Model model =
                Models.of(
                        Map.of("w", floats(Shape.of(1, 1, 3, 3), 1, 1, 1, 1, 1, 1, 1, 1, 1)),
                        Models.node("Conv", "x", "w").with("pads", integers(1, 1, 1, 1)));

        assertThat(run(model, PICTURE)).isEqualTo(floats(Shape.of(1, 1, 2, 2), 10, 10, 10, 10));
    }

    @Test
    void convolvesEachChannelByItselfAndAddsTheBias() {
        Model model =
                Models.of(
                        Map.of(
                                "w", floats(Shape.of(2, 1, 1, 1), 2, 3),
                                "b", floats(Shape.of(2), 10, 20)),
                        Models.node("Conv", "x", "w", "b").with("group", new IntValue(2)));

        assertThat(run(model, floats(Shape.of(1, 2, 1, 1), 1, 1)))
                .isEqualTo(floats(Shape.of(1, 2, 1, 1), 12, 23));
    }

    @Test
    void normalizesWithTheRunningStatistics() {
        Model model =
                Models.of(
                        Map.of(
                                "scale", floats(Shape.of(1), 2),
                                "bias", floats(Shape.of(1), 1),
                                "mean", floats(Shape.of(1), 2),
                                "variance", floats(Shape.of(1), 4)),
                        Models.node("BatchNormalization", "x", "scale", "bias", "mean", "variance")
                                .with("epsilon", new FloatValue(0)));

        assertThat(run(model, PICTURE)).isEqualTo(floats(Shape.of(1, 1, 2, 2), 0, 1, 2, 3));
    }

    @Test
    void clipsToBothBounds() {
        Model model =
                Models.of(
                        Map.of(
                                "low", floats(Shape.scalar(), 1.5f),
                                "high", floats(Shape.scalar(), 3)),
                        Models.node("Clip", "x", "low", "high"));

        assertThat(run(model, PICTURE)).isEqualTo(floats(Shape.of(1, 1, 2, 2), 1.5f, 2, 3, 3));
    }

    @Test
    void rectifies() {
        assertThat(
                        run(
                                Models.of(Map.of(), Models.node("Relu", "x")),
                                floats(Shape.of(1, 2), -1, 1)))
                .isEqualTo(floats(Shape.of(1, 2), 0, 1));
    }

    @Test
    void addsAConstant() {
        Model model =
                Models.of(Map.of("c", floats(Shape.of(2), 10, 20)), Models.node("Add", "x", "c"));

        assertThat(run(model, floats(Shape.of(1, 2), 1, 2)))
                .isEqualTo(floats(Shape.of(1, 2), 11, 22));
    }

    @Test
    void averagesThePicture() {
        assertThat(run(Models.of(Map.of(), Models.node("GlobalAveragePool", "x")), PICTURE))
                .isEqualTo(floats(Shape.of(1, 1, 1, 1), 2.5f));
    }

    @Test
    void flattensAllButTheBatch() {
        assertThat(run(Models.of(Map.of(), Models.node("Flatten", "x")), PICTURE))
                .isEqualTo(floats(Shape.of(1, 4), 1, 2, 3, 4));
    }

    @Test
    void multipliesByAMatrixEitherWayRound() {
        Tensor bias = floats(Shape.of(2), 100, 200);
        Tensor inputs = floats(Shape.of(1, 2), 1, 10);
        Node gemm = Models.node("Gemm", "x", "w", "b");
        Model plain = Models.of(Map.of("w", floats(Shape.of(2, 2), 1, 2, 3, 4), "b", bias), gemm);
        Model transposed =
                Models.of(
                        Map.of("w", floats(Shape.of(2, 2), 1, 3, 2, 4), "b", bias),
                        gemm.with("transB", new IntValue(1)));

        assertThat(run(plain, inputs)).isEqualTo(floats(Shape.of(1, 2), 131, 242));
        assertThat(run(transposed, inputs)).isEqualTo(floats(Shape.of(1, 2), 131, 242));
    }

    @ParameterizedTest
    @MethodSource
    void computesWhatTheStandardSays(Node node, Tensor expected) {
        Map<String, Tensor> constants =
                Map.ofEntries(
                        Map.entry("ones", floats(Shape.of(1, 1, 2, 2), 1, 1, 1, 1)),
                        Map.entry("c", floats(Shape.of(2), 10, 20)),
                        Map.entry("matrix", floats(Shape.of(2, 1), 1, 10)),
                        Map.entry("one", Tensor.ofLongs(Shape.of(1), 1)),
                        Map.entry("two", Tensor.ofLongs(Shape.of(1), 2)),
                        Map.entry("last", Tensor.ofLongs(Shape.of(1), -1)),
                        Map.entry("all", Tensor.ofLongs(Shape.of(1), Long.MAX_VALUE)),
                        Map.entry("none", Tensor.ofLongs(Shape.of(1), Long.MIN_VALUE)),
                        Map.entry("rows", Tensor.ofLongs(Shape.of(2), 0, -1)),
                        Map.entry("two_float", floats(Shape.scalar(), 2)));

        assertThat(run(Models.of(constants, node), PICTURE)).isEqualTo(expected);
    }

    static List<Arguments> computesWhatTheStandardSays() {
        return Stream.of(windows(), arithmetic(), movements(), shapes())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Arguments> windows() {
        Node pool = Models.node("MaxPool", "x").with("kernel_shape", new IntList(List.of(2L, 2L)));
        Node average =
                Models.node("AveragePool", "x").with("kernel_shape", new IntList(List.of(2L, 2L)));
        Node conv = Models.node("Conv", "x", "ones");
        return List.of(
                row(conv, Shape.of(1, 1, 1, 1), 10),
                row(conv.with("pads", integers(0, 0, 1, 1)), picture(2, 2), 10, 6, 7, 4),
                row(conv.with("auto_pad", text("SAME_UPPER")), picture(2, 2), 10, 6, 7, 4),
                row(conv.with("auto_pad", text("SAME_LOWER")), picture(2, 2), 1, 3, 4, 10),
                row(conv.with("auto_pad", text("VALID")), picture(1, 1), 10),
                row(pool, picture(1, 1), 4),
                row(pool.with("pads", integers(1, 0, 0, 0)), picture(2, 1), 2, 4),
                row(average, picture(1, 1), 2.5f),
                row(
                        average.with("pads", integers(1, 1, 1, 1)),
                        picture(3, 3),
                        1,
                        1.5f,
                        2,
                        2,
                        2.5f,
                        3,
                        3,
                        3.5f,
                        4),
                row(
                        average.with("pads", integers(1, 1, 0, 0))
                                .with("count_include_pad", new IntValue(1)),
                        picture(2, 2),
                        0.25f,
                        0.75f,
                        1,
                        2.5f));
    }

    private static List<Arguments> arithmetic() {
        return List.of(
                row(
                        Models.node("ReduceMean", "x").with("axes", new IntList(List.of(2L))),
                        picture(1, 2),
                        2,
                        3),
                row(Models.node("LeakyRelu", "x"), picture(2, 2), 1, 2, 3, 4),
                row(Models.node("Identity", "x"), picture(2, 2), 1, 2, 3, 4),
                row(Models.node("Dropout", "x"), picture(2, 2), 1, 2, 3, 4),
                row(Models.node("MatMul", "x", "matrix"), picture(2, 1), 21, 43),
                row(Models.node("Mul", "x", "c"), picture(2, 2), 10, 40, 30, 80),
                row(Models.node("Sub", "x", "c"), picture(2, 2), -9, -18, -7, -16),
                row(Models.node("Div", "x", "c"), picture(2, 2), 0.1f, 0.1f, 0.3f, 0.2f),
                row(Models.node("Clip", "x", "", "two_float"), picture(2, 2), 1, 2, 2, 2));
    }

    private static List<Arguments> movements() {
        return List.of(
                row(
                        Models.node("Concat", "x", "x").with("axis", new IntValue(-1)),
                        picture(2, 4),
                        1,
                        2,
                        1,
                        2,
                        3,
                        4,
                        3,
                        4),
                row(Models.node("Slice", "x", "one", "all", "last"), picture(2, 1), 2, 4),
                row(
                        Models.node("Slice", "x", "last", "none", "two", "last"),
                        picture(2, 2),
                        3,
                        4,
                        1,
                        2));
    }

    private static List<Arguments> shapes() {
        return List.of(
                row(
                        Models.node("Transpose", "x").with("perm", integers(0, 1, 3, 2)),
                        picture(2, 2),
                        1,
                        3,
                        2,
                        4),
                row(Models.node("Reshape", "x", "rows"), Shape.of(1, 4), 1, 2, 3, 4),
                row(Models.node("Squeeze", "x", "one"), Shape.of(1, 2, 2), 1, 2, 3, 4),
                row(Models.node("Unsqueeze", "x", "last"), Shape.of(1, 1, 2, 2, 1), 1, 2, 3, 4),
                row(
                        Models.node("Gather", "x", "last").with("axis", new IntValue(2)),
                        picture(1, 2),
                        3,
                        4),
                row(
                        Models.node("Pad", "x")
                                .with("pads", new IntList(List.of(0L, 0L, 1L, 0L, 0L, 0L, 0L, 1L))),
                        picture(3, 3),
                        0,
                        0,
                        0,
                        1,
                        2,
                        0,
                        3,
                        4,
                        0),
                row(
                        Models.node("Flatten", "x").with("axis", new IntValue(-1)),
                        Shape.of(2, 2),
                        1,
                        2,
                        3,
                        4));
    }

    private static Arguments row(Node node, Shape shape, float... values) {
        return Arguments.of(node, floats(shape, values));
    }

    private static Shape picture(long height, long width) {
        return Shape.of(1, 1, height, width);
    }

    private static Attribute text(String value) {
        return new StringValue(value);
    }

    @ParameterizedTest
    @MethodSource
    void refusesWhatItWouldComputeWrongly(Node node, String message) {
        Tensor weight = floats(Shape.of(1, 1, 1, 1), 1);
        Model model = Models.of(Map.of("w", weight, "b", floats(Shape.of(1), 0)), node);

        assertThatThrownBy(() -> run(model, PICTURE))
                .isInstanceOf(NibbleException.class)
                .hasMessage("node node: " + message);
    }

    static List<Arguments> refusesWhatItWouldComputeWrongly() {
        return List.of(
                Arguments.of(
                        Models.node("Det", "x"),
                        "cannot train through operator Det; docs/training-operators.md lists those"
                                + " that are known"),
                Arguments.of(
                        Models.node("Pad", "x")
                                .with("mode", new StringValue("mirror"))
                                .with("pads", new IntList(List.of(0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L))),
                        "its mode is mirror, not constant or edge or reflect or wrap; operator Pad"
                                + " cannot be trained through like this"),
                Arguments.of(
                        Models.node("Cast", "x").with("to", new IntValue(8)),
                        "it casts to type 8, which is not float32, float64, float16, bfloat16,"
                                + " bool, uint8 or a signed whole number; operator Cast cannot be"
                                + " trained through like this"));
    }

    private static Tensor run(Model model, Tensor inputs) {
        try (TorchNetwork network = TorchNetwork.of(model)) {
            return network.infer(inputs);
        }
    }

    private static Tensor floats(Shape shape, float... values) {
        return Tensor.ofFloats(shape, values);
    }

    private static Attribute integers(long top, long left, long bottom, long right) {
        return new IntList(List.of(top, left, bottom, right));
    }
}
