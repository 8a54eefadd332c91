package dev.nibble.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.calibrate.ClippingSearch;
import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Scheme;
import dev.nibble.pass.Awq.Reader;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Scales of 16 channels in front of 32 outputs, beside the products themselves. */
class ScaleSearchTest {
    private static final int IN = 16;
    private static final int OUT = 32;
    private static final int ROWS = 64;
    private static final int SALIENT = 3;
    private static final Shape WEIGHTS = Shape.of(IN, OUT);
    private static final int[] SLOTS = IntStream.range(0, IN).toArray();

    static final List<Granularity> GRANULARITIES =
            List.of(new Granularity.PerAxis(1), new Granularity.PerBlock(0, 8));

    private static Scheme scheme(Granularity granularity) {
        return new Scheme(NumberFormats.INT4, true, granularity);
    }

    private static float[] gaussians(int seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Rows of which one channel is larger by a factor. */
    private static float[] inputs(float salience) {
        float[] values = gaussians(1, ROWS * IN);
        for (int row = 0; row < ROWS; row++) {
            values[row * IN + SALIENT] *= salience;
        }
        return values;
    }

    private static ScaleSearch.Found search(Granularity granularity, float[] inputs) {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .constant("w", WEIGHTS, gaussians(2, IN * OUT))
                        .node("product: MatMul(x, w) -> y")
                        .output("y")
                        .model()
                        .graph();
        WeightedNode node = WeightedNode.of(graph, graph.node("product")).orElseThrow();
        ScaleSearch search = new ScaleSearch(IN);
        search.add(
                new Reader(node, scheme(granularity), SLOTS),
                List.of(Tensor.ofFloats(Shape.of(1, ROWS, IN), inputs)));
        return search.best(free());
    }

    /** Nothing clips the channels. */
    private static FactorBounds free() {
        ChannelGroup group =
                new ChannelGroup(IN, List.of(), List.of(), List.of(), List.of(), Optional.empty());
        return FactorBounds.of(group, Map.of());
    }

    /** The share of the outputs that is rounding error, computed from the outputs themselves. */
    private static double noise(Granularity granularity, float[] inputs, double[] factors) {
        float[] weights = gaussians(2, IN * OUT);
        float[] scaled = new float[weights.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (weights[i] / factors[i / OUT]);
        }
        Scheme scheme = scheme(granularity);
        Encoding encoding =
                Encoding.ofRanges(
                        scheme,
                        granularity.scaleShape(WEIGHTS),
                        ClippingSearch.ranges(scaled, new double[0], WEIGHTS, scheme));
        float[] rounded =
                Quantizer.fakeQuantize(Tensor.ofFloats(WEIGHTS, scaled), encoding).floats();
        double error = 0;
        double signal = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int out = 0; out < OUT; out++) {
                double expected = 0;
                double actual = 0;
                for (int in = 0; in < IN; in++) {
                    double x = inputs[row * IN + in];
                    expected += x * weights[in * OUT + out];
                    actual += x * factors[in] * rounded[in * OUT + out];
                }
                error += (expected - actual) * (expected - actual);
                signal += expected * expected;
            }
        }
        return error / signal;
    }

    @ParameterizedTest
    @FieldSource("GRANULARITIES")
    void weightsOfASalientChannelAreSparedAndTheOutputsErrLess(Granularity granularity) {
        float[] inputs = inputs(20);
        ScaleSearch.Found found = search(granularity, inputs);

        assertThat(found.strength()).isPositive();
        for (int in = 0; in < IN; in++) {
            if (in != SALIENT) {
                assertThat(found.factors()[SALIENT]).isLessThan(found.factors()[in]);
            }
        }
        double[] none = new double[IN];
        Arrays.fill(none, 1);
        double before = noise(granularity, inputs, none);
        double after = noise(granularity, inputs, found.factors());
        assertThat(found.noiseBefore()).isCloseTo(before, within(1e-3 * before));
        assertThat(found.noise()).isCloseTo(after, within(1e-3 * after));
        assertThat(after).isLessThan(0.7 * before);
    }

    @Test
    void channelsOfWhichNothingIsSeenKeepTheirScale() {
        float[] inputs = inputs(0);
        assertThat(search(new Granularity.PerAxis(1), inputs).factors()[SALIENT]).isEqualTo(1);
    }

    @Test
    void whereNothingCanBeGainedNothingChanges() {
        ScaleSearch.Found found = search(new Granularity.PerAxis(1), new float[ROWS * IN]);
        assertThat(found.factors()).containsOnly(1);
        assertThat(found.noise()).isZero();
    }
}
