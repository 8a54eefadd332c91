package dev.nibble.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.calibrate.Calibrators;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.TestGraphs;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Scheme;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.Decision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.RangeOverride;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class EncodingPassesTest {
    private static final Calibration MIN_MAX =
            new Calibration(Calibrators.MIN_MAX, RangeOverrides.NONE);

    /** Two input and two output channels; the first weights round badly at 8 bits. */
    private static TestGraphs network() {
        return TestGraphs.graph()
                .input("x")
                .constant("w", Shape.of(2, 2, 1, 1), 1, 0.3337f, 5, 2)
                .constant("b", Shape.of(2), 1, 2)
                .node("conv: Conv(x, w, b) -> y")
                .output("y");
    }

    private static final Tensor X = Tensor.ofFloats(Shape.of(1, 2, 1, 2), 0, 2, 3, 5);
    private static final FixedLab LAB =
            new FixedLab(Map.of("x", X, "y", Tensor.ofFloats(Shape.of(1, 2, 1, 2), -4, 1, 2, 6)));

    private static Draft planned(TestGraphs graph) {
        return new Planning(Recipes.INT8, Target.ONNX_RUNTIME_CPU)
                .apply(Draft.of(graph.model()), LAB);
    }

    private static Draft encoded(TestGraphs graph, FixedLab lab) {
        return Pass.sequence(List.of(MIN_MAX, new WeightRanges(RangeOverrides.NONE)))
                .apply(planned(graph), lab);
    }

    @Test
    void calibrationCoversWhatWasSeen() {
        Draft draft = MIN_MAX.apply(planned(network()), LAB);

        Encoding x = draft.plan().encoding("x").orElseThrow();
        Encoding y = draft.plan().encoding("y").orElseThrow();
        assertThat(x.range(0).max()).isCloseTo(5, within(1e-5f));
        assertThat(x.zeroPoint(0)).isZero();
        assertThat(y.scale(0)).isCloseTo(10 / 255f, within(1e-6f));
        assertThat(y.zeroPoint(0)).isEqualTo(102);
    }

    @Test
    void aGivenRangeWinsAndItsClippingIsMeasured() {
        RangeOverrides given = new RangeOverrides(List.of(RangeOverride.parse("x=0,2.5")));

        Draft draft = new Calibration(Calibrators.MIN_MAX, given).apply(planned(network()), LAB);

        assertThat(draft.plan().encoding("x").orElseThrow().range(0).max())
                .isCloseTo(2.5f, within(1e-5f));
        assertThat(draft.findings())
                .contains(new Measured("Calibration", "x", Calibration.CLIPPED, 0.5));
    }

    @Test
    void anEncodingThatIsThereStaysAndItsClippingIsMeasured() {
        Draft planned = planned(network());
        Scheme scheme = new Scheme(NumberFormats.UINT8, false, Granularity.perTensor());
        Encoding given = Encoding.ofScale(scheme, 0.01f, 0);

        Draft draft = MIN_MAX.apply(planned.with(planned.plan().withEncoding("x", given)), LAB);

        assertThat(draft.plan().encoding("x")).contains(given);
        assertThat(draft.plan().encoding("y")).isPresent();
        assertThat(draft.findings())
                .contains(new Measured("Calibration", "x", Calibration.CLIPPED, 0.5));
    }

    @Test
    void aGivenRangeMayBeAskedForByTheNodeThatMakesTheValue() {
        RangeOverrides given = new RangeOverrides(List.of(RangeOverride.parse("type:Conv=-1,1")));
        given.requireMatches(planned(network()).graph(), planned(network()).plan());

        Draft draft = new Calibration(Calibrators.MIN_MAX, given).apply(planned(network()), LAB);

        assertThat(draft.plan().encoding("y").orElseThrow().range(0).max())
                .isCloseTo(1f, within(0.01f));
    }

    @Test
    void aRangeForNothingIsAnError() {
        Draft draft = planned(network());
        RangeOverrides given = new RangeOverrides(List.of(RangeOverride.parse("z=0,1")));

        assertThatThrownBy(() -> given.requireMatches(draft.graph(), draft.plan()))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll("\"z\"", "matches no quantized value", "x");
    }

    @Test
    void calibrationRefusesValuesThatAreNotNumbers() {
        FixedLab broken =
                new FixedLab(
                        Map.of(
                                "x",
                                X,
                                "y",
                                Tensor.ofFloats(
                                        Shape.of(1, 2, 1, 1), Float.NaN, Float.POSITIVE_INFINITY)));

        assertThatThrownBy(() -> MIN_MAX.apply(planned(network()), broken))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll("value y", "2 places");
    }

    @Test
    void weightsGetAScaleForEachOutputChannel() {
        Draft draft = encoded(network(), LAB);

        Encoding w = draft.plan().encoding("w").orElseThrow();
        assertThat(w.scales()).containsExactly(1 / 127f, 5 / 127f);
        assertThat(w.zeroPoints()).containsOnly(0);
    }

    @Test
    void rangesOfFourBitsClipWhatCostsTheOthersTheirSteps() {
        TestGraphs graph =
                TestGraphs.graph()
                        .input("x")
                        .constant(
                                "w", Shape.of(1, 8), 10, 3.1f, -2.9f, 3.2f, 2.8f, -3, 3.05f, -3.1f)
                        .node("product: MatMul(x, w) -> y")
                        .output("y");
        Draft draft =
                Draft.of(graph.model())
                        .with(
                                new Plan(
                                        Map.of(),
                                        Map.of(
                                                "w",
                                                new Decision.Planned(
                                                        new Scheme(
                                                                NumberFormats.INT4,
                                                                true,
                                                                Granularity.perTensor()))),
                                        Map.of(),
                                        Map.of()));

        Draft searched = new WeightRanges(RangeOverrides.NONE).apply(draft, LAB);
        Draft whole = new WeightRanges(RangeOverrides.NONE, 0).apply(draft, LAB);

        assertThat(whole.plan().encoding("w").orElseThrow().scale(0)).isEqualTo(10 / 7f);
        assertThat(squaredError(graph, searched)).isLessThan(0.9 * squaredError(graph, whole));
        assertThat(searched.findings())
                .containsExactly(
                        new Applied("WeightRanges", "w", "least squared error of the tensor"));
    }

    private static double squaredError(TestGraphs graph, Draft draft) {
        Tensor weight = graph.model().graph().constant("w").orElseThrow();
        Encoding encoding = draft.plan().encoding("w").orElseThrow();
        float[] exact = weight.floats();
        float[] rounded = Quantizer.fakeQuantize(weight, encoding).floats();
        double error = 0;
        for (int i = 0; i < exact.length; i++) {
            error += Math.pow(exact[i] - rounded[i], 2);
        }
        return error;
    }

    @Test
    void weightsThatAreNotNumbersAreRefused() {
        TestGraphs graph =
                TestGraphs.graph()
                        .input("x")
                        .constant("w", Shape.of(1, 1, 1, 2), 1, Float.NaN)
                        .node("conv: Conv(x, w) -> y")
                        .output("y");

        assertThatThrownBy(() -> encoded(graph, LAB))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll("weight w", "element 1 is NaN");
    }

    @Test
    void theBiasTakesBackWhatRoundedWeightsAddOnAverage() {
        Draft draft = encoded(network(), LAB);
        Tensor exact = draft.graph().constant("w").orElseThrow();
        float[] rounded =
                Quantizer.fakeQuantize(exact, draft.plan().encoding("w").orElseThrow()).floats();
        float[] w = exact.floats();

        Draft corrected = new BiasCorrection().apply(draft, LAB);

        // the channels of x have means 1 and 4
        float[] bias = corrected.fittedConstant("b").floats();
        assertThat(bias[0])
                .isCloseTo(1 - ((rounded[0] - w[0]) * 1 + (rounded[1] - w[1]) * 4), within(1e-6f));
        assertThat(bias[1])
                .isCloseTo(2 - ((rounded[2] - w[2]) * 1 + (rounded[3] - w[3]) * 4), within(1e-6f));
        assertThat(bias[0]).isNotEqualTo(1);
        assertThat(corrected.graph()).isSameAs(draft.graph());
    }

    @Test
    void groupsOfAConvolutionSeeTheirOwnInputs() {
        TestGraphs depthwise =
                TestGraphs.graph()
                        .input("x")
                        .constant("w", Shape.of(2, 1, 1, 2), 1, 0.3337f, 1, 0.3337f)
                        .node("conv: Conv(x, w) -> y")
                        .with("group", 2)
                        .output("y");

        float[] bias =
                new BiasCorrection()
                        .apply(encoded(depthwise, LAB), LAB)
                        .fittedConstant("conv_bias")
                        .floats();

        assertThat(bias[0]).isNotZero();
        assertThat(bias[1]).isCloseTo(4 * bias[0], within(1e-6f));
    }

    @Test
    void aMatrixProductWithoutABiasIsSkippedAndSaysSo() {
        TestGraphs product =
                TestGraphs.graph()
                        .input("x")
                        .constant("w", Shape.of(2, 1), 1, 2)
                        .node("mm: MatMul(x, w) -> y")
                        .output("y");

        Draft draft = new BiasCorrection().apply(encoded(product, LAB), LAB);

        assertThat(draft.findings())
                .contains(new Skipped("BiasCorrection", "mm", "MatMul has no bias to correct"));
    }

    @Test
    void aBiasBeyond32BitsWidensTheScaleOfItsChannel() {
        TestGraphs tiny =
                TestGraphs.graph()
                        .input("x")
                        .constant("w", Shape.of(2, 1, 1, 1), 1e-9f, 1)
                        .constant("b", Shape.of(2), 100, 100)
                        .node("conv: Conv(x, w, b) -> y")
                        .output("y");
        Draft draft = encoded(tiny, LAB);
        float before = draft.plan().encoding("w").orElseThrow().scale(0);

        Draft guarded = new BiasOverflowGuard().apply(draft, LAB);

        Encoding w = guarded.plan().encoding("w").orElseThrow();
        float x = guarded.plan().encoding("x").orElseThrow().scale(0);
        assertThat(w.scale(0)).isGreaterThan(before);
        assertThat(100 / ((double) w.scale(0) * x)).isLessThan(1L << 30);
        assertThat(w.scale(1)).isEqualTo(1 / 127f);
    }

    @Test
    void aBiasFoundLaterStaysWithinItsCodes() {
        TestGraphs tiny =
                TestGraphs.graph()
                        .input("x")
                        .constant("w", Shape.of(2, 1, 1, 1), 1e-9f, 1)
                        .constant("b", Shape.of(2), 100, 100)
                        .node("conv: Conv(x, w, b) -> y")
                        .output("y");
        Draft draft = encoded(tiny, LAB);
        WeightedNode node =
                WeightedNode.of(draft.graph(), draft.graph().nodes().getFirst()).orElseThrow();

        float[] reached = BiasOverflowGuard.reachable(draft, node, new float[] {1e6f, 0.25f});

        double step =
                (double) draft.plan().encoding("w").orElseThrow().scale(0)
                        * draft.plan().encoding("x").orElseThrow().scale(0);
        assertThat(reached[0] / step).isBetween(0.99 * (1L << 30), (double) (1L << 30));
        assertThat(reached[1]).isEqualTo(0.25f);
    }
}
