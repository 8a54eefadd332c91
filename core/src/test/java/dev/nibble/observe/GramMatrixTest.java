package dev.nibble.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

class GramMatrixTest extends StatisticLaws<GramMatrix> {
    private static final Offset<Double> CLOSE = within(1e-5);

    @Override
    Observer<GramMatrix> observer() {
        return GramMatrix.observer(Patches.ROWS, GramMatrix.DEFAULT_POSITIONS);
    }

    @Override
    void assertSame(GramMatrix actual, GramMatrix expected) {
        assertThat(actual.count()).isEqualTo(expected.count());
        assertThat(actual.width()).isEqualTo(expected.width());
        assertThat(actual.mean(0)).containsExactly(expected.mean(0), CLOSE);
        assertThat(actual.covariance(0)).containsExactly(expected.covariance(0), CLOSE);
    }

    @Override
    float value(Random random) {
        return moderate(random);
    }

    private static Tensor random(long seed, long... dims) {
        Random random = new Random(seed);
        Shape shape = Shape.of(dims);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() + 1;
        }
        return Tensor.ofFloats(shape, values);
    }

    private static Node conv() {
        return Node.of("c", "Conv", List.of("x", "w"), List.of("y"));
    }

    private static IntList list(Long... values) {
        return new IntList(List.of(values));
    }

    @Test
    void momentsOfRowsAreThoseOfTheDefinition() {
        Tensor rows = Tensor.ofFloats(Shape.of(3, 2), 1, 10, 2, 20, 6, 60);
        Tensor targets = Tensor.ofFloats(Shape.of(3, 1), 1, 2, 0);
        GramMatrix gram = GramMatrix.of(Patches.ROWS, List.of(rows), List.of(targets), 9);
        assertThat(gram.count()).isEqualTo(3);
        assertThat(gram.mean(0)).containsExactly(3, 30);
        assertThat(gram.targetMean(0)).containsExactly(1);
        double variance = (1 + 4 + 36) / 3.0 - 9;
        assertThat(gram.covariance(0))
                .containsExactly(
                        new double[] {variance, 10 * variance, 10 * variance, 100 * variance},
                        CLOSE);
        assertThat(gram.crossCovariance(0))
                .containsExactly(new double[] {5 / 3.0 - 3, 50 / 3.0 - 30}, CLOSE);
        assertThat(gram.targetSquares(0)).containsExactly(new double[] {5 / 3.0}, CLOSE);
        assertThat(gram.crossMoments(0)).containsExactly(new double[] {5 / 3.0, 50 / 3.0}, CLOSE);
        assertThat(gram.moments(0))
                .containsExactly(
                        new double[] {41 / 3.0, 410 / 3.0, 410 / 3.0, 4100 / 3.0}, within(1e-3));
    }

    /** The output of a linear layer is W·p, so that the cross moments are W times the others. */
    private static void checkAgainstConvolution(Node node, Tensor input, Tensor weight) {
        Patches patches = Patches.of(node, weight.shape());
        Tensor output = Convolution.of(node, input, weight);
        GramMatrix gram = GramMatrix.of(patches, List.of(input), List.of(output), 1000);
        assertThat(gram.count()).isEqualTo(output.elements() / output.shape().dim(1));
        float[] weights = weight.floats();
        int width = gram.width();
        for (int group = 0; group < gram.groups(); group++) {
            double[] covariance = gram.covariance(group);
            double[] cross = gram.crossCovariance(group);
            for (int row = 0; row < gram.outputs(); row++) {
                for (int j = 0; j < width; j++) {
                    double expected = 0;
                    for (int k = 0; k < width; k++) {
                        int at = (group * gram.outputs() + row) * width + k;
                        expected += weights[at] * covariance[k * width + j];
                    }
                    assertThat(cross[row * width + j]).isCloseTo(expected, within(1e-3));
                }
            }
        }
    }

    @Test
    void convolutionsReadPatchesWithStridesDilationsAndPads() {
        Node node =
                conv().with("strides", list(2L, 1L))
                        .with("dilations", list(1L, 2L))
                        .with("pads", list(1L, 0L, 2L, 3L));
        checkAgainstConvolution(node, random(1, 2, 3, 9, 8), random(2, 5, 3, 3, 2));
    }

    @Test
    void groupsReadTheirOwnChannels() {
        Node node = conv().with("group", new IntValue(2)).with("pads", list(1L, 1L, 1L, 1L));
        checkAgainstConvolution(node, random(3, 2, 6, 7, 7), random(4, 4, 3, 3, 3));
    }

    @Test
    void depthwiseConvolutionsHaveAMatrixForEachChannel() {
        Node node = conv().with("group", new IntValue(5)).with("strides", list(2L, 2L));
        checkAgainstConvolution(node, random(5, 1, 5, 9, 9), random(6, 5, 1, 3, 3));
    }

    @Test
    void sameBordersFollowFromTheExtents() {
        for (String same : new String[] {"SAME_UPPER", "SAME_LOWER", "VALID"}) {
            Node node =
                    conv().with("auto_pad", new StringValue(same)).with("strides", list(2L, 2L));
            checkAgainstConvolution(node, random(7, 1, 2, 8, 7), random(8, 3, 2, 3, 2));
        }
    }

    @Test
    void oneAxisIsEnough() {
        checkAgainstConvolution(
                conv().with("pads", list(1L, 1L)), random(9, 3, 4, 11), random(10, 6, 4, 3));
    }

    @Test
    void atMostSoManyPositionsOfAnItemAreSeen() {
        Tensor input = random(11, 3, 2, 40, 40);
        Patches patches = Patches.of(conv(), Shape.of(1, 2, 1, 1));
        GramMatrix few = GramMatrix.observer(patches, 100).observe(input);
        GramMatrix again = GramMatrix.observer(patches, 100).observe(input);
        GramMatrix all = GramMatrix.observer(patches, 1600).observe(input);
        assertThat(few.count()).isEqualTo(300);
        assertThat(few.covariance(0)).isEqualTo(again.covariance(0));
        assertThat(all.count()).isEqualTo(4800);
        assertThat(few.covariance(0)).containsExactly(all.covariance(0), within(0.3));
        assertThat(few.covariance(0)).isNotEqualTo(all.covariance(0));
    }

    @Test
    void manySamplesAreLaidSideBySide() {
        Patches patches = Patches.of(conv(), Shape.of(1, 2, 3, 3));
        GramMatrix merged = GramMatrix.NOTHING;
        List<Tensor> inputs = new java.util.ArrayList<>();
        List<Tensor> outputs = new java.util.ArrayList<>();
        Tensor weight = random(0, 4, 2, 3, 3);
        for (int i = 0; i < 13; i++) {
            Tensor input = random(20 + i, 1, 2, 9, 9);
            Tensor output = Convolution.of(conv(), input, weight);
            inputs.add(input);
            outputs.add(output);
            merged = merged.merge(GramMatrix.of(patches, List.of(input), List.of(output), 1000));
        }
        GramMatrix together = GramMatrix.of(patches, inputs, outputs, 1000);
        assertSame(together, merged);
        assertThat(together.crossCovariance(0))
                .containsExactly(merged.crossCovariance(0), within(1e-4));
    }

    @Test
    void differentLayersDoNotMerge() {
        GramMatrix two = observer().observe(random(1, 3, 2));
        GramMatrix three = observer().observe(random(1, 3, 3));
        assertThatThrownBy(() -> two.merge(three))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "moments of 3 patches of 1 groups of 2 inputs and 0 targets do not merge"
                                + " with those of 3 patches of 1 groups of 3 inputs and 0 targets;"
                                + " observe the same layer");
    }
}
