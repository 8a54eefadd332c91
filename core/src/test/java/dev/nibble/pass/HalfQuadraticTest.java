package dev.nibble.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.graph.TestGraphs;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.GroupRanges;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Scheme;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.plan.NodeDecision;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

class HalfQuadraticTest {
    private static final Shape SHAPE = Shape.of(64, 6);

    private static Tensor weights() {
        Random random = new Random(5);
        float[] values = new float[64 * 6];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() + 0.3f;
        }
        return Tensor.ofFloats(SHAPE, values);
    }

    private static Encoding extremes(Scheme scheme) {
        return Encoding.ofRanges(
                scheme,
                scheme.granularity().scaleShape(SHAPE),
                GroupRanges.of(weights(), scheme.granularity()));
    }

    private static double error(Encoding encoding, double power) {
        float[] values = weights().floats();
        float[] rounded = Quantizer.fakeQuantize(weights(), encoding).floats();
        double error = 0;
        for (int i = 0; i < values.length; i++) {
            error += Math.pow(Math.abs(values[i] - rounded[i]), power);
        }
        return error;
    }

    static Stream<Scheme> schemes() {
        return Stream.of(new Granularity.PerAxis(1), new Granularity.PerBlock(0, 32))
                .flatMap(granularity ->
                        Stream.of(
                                new Scheme(NumberFormats.INT4, true, granularity),
                                new Scheme(NumberFormats.UINT4, false, granularity)));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void theErrorFallsBelowThatOfTheExtremes(Scheme scheme) {
        Encoding extremes = extremes(scheme);
        Encoding fitted = HalfQuadratic.STANDARD.fit(weights(), extremes);
        assertThat(error(fitted, 0.7)).isLessThan(error(extremes, 0.7));
        assertThat(fitted.scheme()).isEqualTo(scheme);
    }

    @Test
    void weightsBesideFloatActivationsAreFitted() {
        Draft plain =
                Draft.of(
                        TestGraphs.graph()
                                .input("x")
                                .constant("w", SHAPE, weights().floats())
                                .node("product: MatMul(x, w) -> y")
                                .output("y")
                                .model());
        Encoding extremes =
                extremes(new Scheme(NumberFormats.INT4, true, new Granularity.PerAxis(1)));
        Draft draft =
                plain.with(
                        plain.plan()
                                .withNode("product", new NodeDecision.WeightOnly())
                                .withEncoding("w", extremes));
        Draft fitted = HalfQuadratic.STANDARD.apply(draft, new FixedLab(Map.of()));
        assertThat(fitted.plan().encoding("w"))
                .contains(HalfQuadratic.STANDARD.fit(weights(), extremes));
        assertThat(fitted.findings()).hasSize(1).first().isInstanceOf(Applied.class);
        assertThat(HalfQuadratic.STANDARD.apply(plain, new FixedLab(Map.of())).findings())
                .isEqualTo(List.of());
    }

    @Test
    void thePowerIsBelowOne() {
        assertThatThrownBy(() -> new HalfQuadratic(1, 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the power 1.0 is to be between 0 and 1, and 20 rounds at least 1");
    }
}
