package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute;
import dev.nibble.onnxruntime.Preserved.RandomSamples;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

/** Networks with their normalizations folded, run beside the ones that they were. */
class BatchNormFoldingRunTest {
    private static final Map<String, Attribute> TWO_GROUPS = Map.of("group", Sketch.integer(2));
    private static final Map<String, Attribute> PADDED =
            Map.of("pads", Sketch.integers(1, 1, 1, 1));

    private static Sketch random(Sketch sketch, String name, long... dims) {
        return sketch.constant(name, Preserved.random(Shape.of(dims), name.hashCode(), 4));
    }

    /** A normalization of 4 channels; its variances are positive. */
    private static Sketch norm(Sketch sketch, String from, String to) {
        random(sketch, "gamma", 4);
        random(sketch, "beta", 4);
        random(sketch, "mean", 4);
        return sketch.constant("var", Networks.floats(0.5f, 1, 2, 3))
                .node("%s = BatchNormalization(%s, gamma, beta, mean, var)".formatted(to, from));
    }

    private static Sketch images() {
        Sketch sketch =
                new Sketch()
                        .input("x", DataType.FLOAT32, "N", 4, 5, 5)
                        .output("y", DataType.FLOAT32);
        random(sketch, "grouped", 4, 2, 3, 3);
        random(sketch, "full", 4, 4, 3, 3);
        return random(sketch, "b", 4);
    }

    private static Sketch rows() {
        Sketch sketch =
                new Sketch().input("x", DataType.FLOAT32, "N", 4).output("y", DataType.FLOAT32);
        random(sketch, "w", 4, 4);
        return random(sketch, "b", 4);
    }

    private static Preserved fold(Sketch sketch, long... shape) {
        return Preserved.by(new BatchNormFolding(), sketch.model(), shape).isTheSameFunction();
    }

    private static List<String> operators(Preserved network) {
        return network.after().graph().nodes().stream().map(node -> node.operator()).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c = Conv(x, grouped, b)",
                "c = Conv(x, grouped)",
                "c = ConvTranspose(x, grouped, b)",
                "c = ConvTranspose(x, grouped)"
            })
    void aNormalizationBehindAConvolutionInGroups(String convolution) {
        Preserved network =
                fold(norm(images().node(convolution, TWO_GROUPS), "c", "y"), 2, 4, 5, 5);
        assertThat(operators(network)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c = Gemm(x, w, b)", "c = Gemm(x, w)", "c = MatMul(x, w)"})
    void aNormalizationBehindAProduct(String product) {
        Preserved network =
                fold(
                        norm(rows().node(product).declare("c", DataType.FLOAT32, "N", 4), "c", "y"),
                        3,
                        4);
        assertThat(operators(network)).containsExactly("Gemm");
    }

    @Test
    void aNormalizationBehindAProductWithABiasAdded() {
        Preserved network =
                fold(
                        norm(
                                rows().node("p = MatMul(x, w)")
                                        .node("c = Add(b, p)")
                                        .declare("c", DataType.FLOAT32, "N", 4),
                                "c",
                                "y"),
                        3,
                        4);
        assertThat(operators(network)).containsExactly("MatMul", "Add");
    }

    @Test
    void aNormalizationBeforeAConvolution() {
        Preserved network =
                fold(
                        norm(images(), "x", "n").node("y = Conv(n, grouped, b)", TWO_GROUPS),
                        2,
                        4,
                        5,
                        5);
        assertThat(operators(network)).containsExactly("Conv");
    }

    @Test
    void aNormalizationBeforeSeveralThatShareTheirWeights() {
        Preserved network =
                fold(
                        norm(images(), "x", "n")
                                .node("one = Conv(n, full)")
                                .node("two = Conv(n, full, b)")
                                .node("three = Conv(x, full)")
                                .node("some = Add(one, two)")
                                .node("y = Add(some, three)"),
                        2,
                        4,
                        5,
                        5);
        assertThat(operators(network)).containsExactly("Conv", "Conv", "Conv", "Add", "Add");
        assertThat(network.after().graph().constants()).containsKey("full");
    }

    @Test
    void aNormalizationBeforeAProductOfMatrices() {
        Preserved network =
                fold(
                        norm(rows().node("flat = Flatten(x)"), "flat", "n")
                                .node("y = MatMul(n, w)"),
                        3,
                        4);
        assertThat(operators(network)).containsExactly("Flatten", "Gemm");
    }

    @Test
    void aShiftBeforeBordersIsLeftAloneAndAScaleIsNot() {
        Preserved shifted =
                fold(norm(images(), "x", "n").node("y = Conv(n, full, b)", PADDED), 2, 4, 5, 5);
        assertThat(shifted.after().findings())
                .singleElement()
                .isInstanceOf(Skipped.class)
                .asString()
                .contains("zeros beyond the border");

        Sketch scaling =
                random(images(), "gamma", 4)
                        .constant("zeros", Networks.floats(0, 0, 0, 0))
                        .constant("var", Networks.floats(0.5f, 1, 2, 3))
                        .node("n = BatchNormalization(x, gamma, zeros, zeros, var)")
                        .node("y = Conv(n, full, b)", PADDED);
        assertThat(operators(fold(scaling, 2, 4, 5, 5))).containsExactly("Conv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet20_cifar10", "mobilenetv2_cifar10"})
    void realNetworksStayTheSame(String name) {
        Preserved network =
                Preserved.by(
                                new BatchNormFolding(),
                                Networks.ONNX.read(SharedModels.get(name)),
                                new RandomSamples("input", Shape.of(1, 3, 32, 32), 4))
                        .isTheSameFunction();
        assertThat(operators(network)).doesNotContain("BatchNormalization");
    }
}
