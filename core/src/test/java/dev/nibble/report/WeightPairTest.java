package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.tensor.Shape;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.Objects;
import java.util.Random;

/** Weights {@code [8 outputs × 6 inputs]} of a product, changed in several ways. */
class WeightPairTest {
    private static final int OUTPUTS = 8;
    private static final int INPUTS = 6;

    /** What is done to a weight. */
    private interface Change {
        double of(double weight, int output, int input);
    }

    private final float[] weights = new float[OUTPUTS * INPUTS];
    private final double[] noise = new double[OUTPUTS * INPUTS];

    WeightPairTest() {
        Random random = new Random(3);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
            noise[i] = 0.01 * random.nextGaussian();
        }
    }

    private static Graph graph(float[] values) {
        return TestGraphs.graph()
                .input("x")
                .output("y")
                .constant("w", Shape.of(INPUTS, OUTPUTS), values)
                .node("m: MatMul(x, w) -> y")
                .build();
    }

    private WeightPair changed(Change change) {
        float[] other = new float[weights.length];
        for (int i = 0; i < other.length; i++) {
            other[i] = (float) (change.of(weights[i], i % OUTPUTS, i / OUTPUTS) + noise[i]);
        }
        return Objects.requireNonNull(WeightPair.of(graph(weights), graph(other)).get("m"));
    }

    @Test
    void roundingIsNoRescaling() {
        WeightPair pair = changed((weight, _, _) -> weight);
        assertThat(pair.sqnrDb()).isBetween(35.0, 45.0);
        assertThat(pair.hasRescaledInputs()).isFalse();
        assertThat(pair.hasRescaledOutputs()).isFalse();
    }

    @Test
    void aSpoiledScaleIsNoRescaling() {
        WeightPair pair = changed((weight, _, _) -> 4 * weight);
        assertThat(pair.sqnrDb()).isCloseTo(10 * Math.log10(1 / 9.0), Offset.offset(0.1));
        assertThat(pair.hasRescaledInputs()).isFalse();
        assertThat(pair.hasRescaledOutputs()).isFalse();
    }

    @Test
    void factorsOfInputsAreSeenBesideThoseOfOutputs() {
        WeightPair pair = changed((weight, output, input) -> weight * (1 + input) / (1 + output));
        assertThat(pair.hasRescaledInputs()).isTrue();
        assertThat(pair.hasRescaledOutputs()).isTrue();
    }

    @Test
    void factorsOfOutputsAloneLeaveTheInputsAsTheyAre() {
        WeightPair pair = changed((weight, output, _) -> weight * (1 + output));
        assertThat(pair.hasRescaledInputs()).isFalse();
        assertThat(pair.hasRescaledOutputs()).isTrue();
    }

    @Test
    void transposedWeightsAreLaidInOneOrder() {
        float[] transposed = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            transposed[i % OUTPUTS * INPUTS + i / OUTPUTS] = weights[i];
        }
        Graph gemm =
                TestGraphs.graph()
                        .input("x")
                        .output("y")
                        .constant("w", Shape.of(OUTPUTS, INPUTS), transposed)
                        .node("m: Gemm(x, w) -> y")
                        .with("transB", 1)
                        .build();
        WeightPair pair = Objects.requireNonNull(WeightPair.of(gemm, graph(weights)).get("m"));
        assertThat(pair.sqnrDb()).isInfinite();
    }
}
