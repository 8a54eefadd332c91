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
    void refusesWhatItWouldComputeWrongly(Node node, String message) {
        Tensor weight = floats(Shape.of(1, 1, 1, 1), 1);
        Model model = Models.of(Map.of("w", weight, "b", floats(Shape.of(1), 0)), node);

        assertThatThrownBy(() -> run(model, PICTURE))
                .isInstanceOf(NibbleException.class)
                .hasMessage("node node: " + message);
    }

    static List<Arguments> refusesWhatItWouldComputeWrongly() {
        Node conv = Models.node("Conv", "x", "w");
        Node gemm = Models.node("Gemm", "x", "w", "b");
        return List.of(
                Arguments.of(
                        Models.node("Softmax", "x"),
                        "cannot train through operator Softmax, only through [Add,"
                            + " BatchNormalization, Clip, Conv, Flatten, Gemm, GlobalAveragePool,"
                            + " Relu]"),
                Arguments.of(
                        conv.with("pads", integers(0, 0, 1, 1)),
                        "pads are [0, 0, 1, 1]; training knows Conv only with as much at the end of"
                                + " an axis as at its start"),
                Arguments.of(
                        conv.with("auto_pad", new StringValue("SAME_UPPER")),
                        "auto_pad is SAME_UPPER; training knows Conv only with NOTSET, with pads"),
                Arguments.of(
                        Models.node("Clip", "x"),
                        "a bound is missing; training knows Clip only with both, as constants"),
                Arguments.of(
                        Models.node("Flatten", "x").with("axis", new IntValue(2)),
                        "axis is 2; training knows Flatten only with 1"),
                Arguments.of(
                        gemm.with("alpha", new FloatValue(0.5f)),
                        "alpha is 0.5; training knows Gemm only with 1"),
                Arguments.of(
                        gemm.with("transA", new IntValue(1)),
                        "transA is set; training knows Gemm only with 0"),
                Arguments.of(
                        Models.node("Gemm", "x", "w"),
                        "the bias is missing; training knows Gemm only with present"));
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
