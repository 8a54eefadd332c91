package dev.nibble.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.graph.TestGraphs;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.GroupRanges;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Scheme;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class GptqTest {
    private static final int IN = 24;
    private static final int OUT = 10;
    private static final int ROWS = 400;

    private static float[] gaussian(long seed, int length) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Inputs that have much in common, and a mean. */
    private static Tensor inputs() {
        float[] values = gaussian(1, ROWS * IN);
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.5f * values[i] + values[i / IN * IN] + 2;
        }
        return Tensor.ofFloats(Shape.of(ROWS, IN), values);
    }

    private static Tensor outputs(Tensor inputs, float[] weights, float[] bias) {
        float[] x = inputs.floats();
        float[] y = new float[ROWS * OUT];
        for (int i = 0; i < y.length; i++) {
            int row = i / OUT;
            int out = i % OUT;
            y[i] = bias[out];
            for (int k = 0; k < IN; k++) {
                y[i] += x[row * IN + k] * weights[k * OUT + out];
            }
        }
        return Tensor.ofFloats(Shape.of(ROWS, OUT), y);
    }

    private static final float[] WEIGHTS = gaussian(2, IN * OUT);
    private static final float[] BIAS = gaussian(3, OUT);

    private static Draft draft(Granularity granularity) {
        Draft plain =
                Draft.of(
                        TestGraphs.graph()
                                .input("x")
                                .constant("w", Shape.of(IN, OUT), WEIGHTS.clone())
                                .constant("b", Shape.of(OUT), BIAS.clone())
                                .node("gemm: Gemm(x, w, b) -> y")
                                .output("y")
                                .model());
        Scheme scheme = new Scheme(NumberFormats.INT4, true, granularity);
        Tensor weight = plain.graph().constant("w").orElseThrow();
        Encoding nearest =
                Encoding.ofRanges(
                        scheme,
                        granularity.scaleShape(weight.shape()),
                        GroupRanges.of(weight, granularity));
        return plain.with(plain.plan().withEncoding("w", nearest));
    }

    private static WeightedNode gemm(Draft draft) {
        return WeightedNode.of(draft.graph(), draft.graph().node("gemm")).orElseThrow();
    }

    private static double error(Tensor actual, Tensor expected) {
        float[] a = actual.floats();
        float[] e = expected.floats();
        return IntStream.range(0, a.length).mapToDouble(i -> (a[i] - e[i]) * (a[i] - e[i])).sum();
    }

    static Stream<Granularity> granularities() {
        return Stream.of(
                Granularity.perTensor(),
                new Granularity.PerAxis(1),
                new Granularity.PerBlock(0, 8));
    }

    @ParameterizedTest
    @MethodSource("granularities")
    void theOutputComesCloserThanByRoundingToNearest(Granularity granularity) {
        Draft draft = draft(granularity);
        Tensor x = inputs();
        Tensor y = outputs(x, WEIGHTS, BIAS);
        Draft repaired =
                new Gptq(0.01, 0.01, 3, 128).repair(draft, gemm(draft), List.of(x), List.of(y));

        Encoding encoding = repaired.plan().encoding("w").orElseThrow();
        Tensor fitted = repaired.fittedConstant("w");
        assertThat(Quantizer.fakeQuantize(fitted, encoding)).isEqualTo(fitted);
        Tensor nearest =
                Quantizer.fakeQuantize(
                        draft.graph().constant("w").orElseThrow(),
                        draft.plan().encoding("w").orElseThrow());
        double before = error(outputs(x, nearest.floats(), BIAS), y);
        double after = error(outputs(x, fitted.floats(), repaired.fittedConstant("b").floats()), y);
        assertThat(after).isLessThan(0.2 * before);
        assertThat(draft.graph().constant("w")).isEqualTo(repaired.graph().constant("w"));
    }

    @Test
    void theErrorOfTheOutputIsMeasured() {
        Draft draft = draft(new Granularity.PerAxis(1));
        Tensor x = inputs();
        Tensor y = outputs(x, WEIGHTS, BIAS);
        Draft repaired =
                new Gptq(0.01, 0.01, 3, 128).repair(draft, gemm(draft), List.of(x), List.of(y));
        double after =
                error(
                        outputs(
                                x,
                                repaired.fittedConstant("w").floats(),
                                repaired.fittedConstant("b").floats()),
                        y);
        double[] means = new double[OUT];
        float[] values = y.floats();
        for (int i = 0; i < values.length; i++) {
            means[i % OUT] += values[i] / ROWS;
        }
        double signal = 0;
        for (int i = 0; i < values.length; i++) {
            signal += Math.pow(values[i] - means[i % OUT], 2);
        }
        double measured =
                repaired.findings().stream()
                        .filter(finding ->
                                finding instanceof Measured(_, _, String what, _)
                                        && what.equals(Gptq.ERROR_AFTER))
                        .mapToDouble(finding -> ((Measured) finding).value())
                        .findFirst()
                        .orElseThrow();
        assertThat(measured).isCloseTo(after / signal, within(1e-3 * after / signal + 1e-6));
    }

    @Test
    void theBiasFollowsTheMeans() {
        Draft draft = draft(new Granularity.PerAxis(1));
        Tensor x = inputs();
        Tensor y = outputs(x, WEIGHTS, BIAS);
        Draft repaired = Gptq.STANDARD.repair(draft, gemm(draft), List.of(x), List.of(y));
        float[] made =
                outputs(
                                x,
                                repaired.fittedConstant("w").floats(),
                                repaired.fittedConstant("b").floats())
                        .floats();
        float[] wanted = y.floats();
        for (int out = 0; out < OUT; out++) {
            double shift = 0;
            for (int row = 0; row < ROWS; row++) {
                shift += (made[row * OUT + out] - wanted[row * OUT + out]) / ROWS;
            }
            assertThat(shift).isCloseTo(0, within(1e-4));
        }
    }

    @Test
    void whatThePrefixDidIsMended() {
        Draft draft = draft(new Granularity.PerAxis(1));
        Tensor x = inputs();
        Tensor y = outputs(x, WEIGHTS, BIAS);
        float[] shrunk = x.floats();
        for (int i = 0; i < shrunk.length; i++) {
            shrunk[i] *= 0.8f;
        }
        Tensor prefix = Tensor.ofFloats(x.shape(), shrunk);
        Draft repaired =
                new Gptq(0.01, 0.01, 3, 128)
                        .repair(draft, gemm(draft), List.of(prefix), List.of(y));
        double held = error(outputs(prefix, WEIGHTS, BIAS), y);
        double mended =
                error(
                        outputs(
                                prefix,
                                repaired.fittedConstant("w").floats(),
                                repaired.fittedConstant("b").floats()),
                        y);
        assertThat(mended).isLessThan(0.1 * held);
    }

    @Test
    void inputsThatAreNotFiniteAreRefused() {
        Draft draft = draft(Granularity.perTensor());
        float[] values = inputs().floats();
        values[5] = Float.NaN;
        Tensor x = Tensor.ofFloats(Shape.of(ROWS, IN), values);
        Tensor y = outputs(inputs(), WEIGHTS, BIAS);
        Draft same = Gptq.STANDARD.repair(draft, gemm(draft), List.of(x), List.of(y));
        assertThat(same.fitted()).isEmpty();
        assertThat(same.findings())
                .containsExactly(
                        new Skipped("Gptq", "gemm", "its inputs or outputs are not finite"));
    }

    @Test
    void withoutSamplesThereIsNothingToLearn() {
        Draft draft = draft(Granularity.perTensor());
        assertThat(Gptq.STANDARD.repair(draft, gemm(draft), List.of(), List.of()).findings())
                .containsExactly(
                        new Skipped("Gptq", "gemm", "no sample has a position to learn from"));
    }
}
