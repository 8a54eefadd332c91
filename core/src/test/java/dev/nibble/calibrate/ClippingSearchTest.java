package dev.nibble.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.GroupRanges;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

class ClippingSearchTest {
    private static final Shape SHAPE = Shape.of(4, 60);
    private static final double[] ALIKE = {};

    private static float[] gaussian() {
        Random random = new Random(42);
        float[] values = new float[240];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * (1 + i / 60) + (i % 60 == 7 ? 4 : 0);
        }
        return values;
    }

    private static double error(
            float[] values, double[] importances, Scheme scheme, List<Range> ranges) {
        Encoding encoding =
                Encoding.ofRanges(scheme, scheme.granularity().scaleShape(SHAPE), ranges);
        float[] rounded =
                Quantizer.fakeQuantize(Tensor.ofFloats(SHAPE, values.clone()), encoding).floats();
        double error = 0;
        for (int i = 0; i < values.length; i++) {
            double off = (double) rounded[i] - values[i];
            error += (importances.length == 0 ? 1 : importances[i]) * off * off;
        }
        return error;
    }

    static Stream<Scheme> schemes() {
        return Stream.of(
                        Granularity.perTensor(),
                        new Granularity.PerAxis(0),
                        new Granularity.PerAxis(1),
                        new Granularity.PerBlock(1, 16))
                .flatMap(granularity ->
                        Stream.of(
                                new Scheme(NumberFormats.INT4, true, granularity),
                                new Scheme(NumberFormats.UINT4, false, granularity)));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void clippingBeatsTheExtremesAtFourBits(Scheme scheme) {
        float[] values = gaussian();
        List<Range> found = ClippingSearch.ranges(values, ALIKE, SHAPE, scheme);
        List<Range> extremes = GroupRanges.of(Tensor.ofFloats(SHAPE, values), scheme.granularity());
        assertThat(error(values, ALIKE, scheme, found))
                .isLessThan(0.99 * error(values, ALIKE, scheme, extremes));
    }

    @Test
    void importantWeightsAreNotClipped() {
        float[] values = gaussian();
        double[] importances = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            importances[i] = i % 60 == 7 ? 1000 : 1;
        }
        Scheme scheme = new Scheme(NumberFormats.INT4, true, new Granularity.PerAxis(0));
        List<Range> alike = ClippingSearch.ranges(values, ALIKE, SHAPE, scheme);
        List<Range> weighted = ClippingSearch.ranges(values, importances, SHAPE, scheme);
        assertThat(error(values, importances, scheme, weighted))
                .isLessThan(0.5 * error(values, importances, scheme, alike));
    }

    @Test
    void zerosKeepTheirRange() {
        Scheme scheme = new Scheme(NumberFormats.INT4, true, Granularity.perTensor());
        assertThat(ClippingSearch.ranges(new float[3], ALIKE, Shape.of(3), scheme))
                .containsExactly(new Range(0, 0));
    }
}
