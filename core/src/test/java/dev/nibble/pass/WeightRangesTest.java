package dev.nibble.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.calibrate.ClippingSearch;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Random;
import java.util.stream.Stream;

class WeightRangesTest {
    private static final long SEED = 5;

    /** More than is searched at a time; the last piece and the last block are cut short. */
    private static final Shape SHAPE = Shape.of(1130, 1001);

    static Stream<Granularity> granularities() {
        return Stream.of(
                new Granularity.PerAxis(0),
                new Granularity.PerAxis(1),
                new Granularity.PerBlock(0, 32),
                new Granularity.PerBlock(1, 32));
    }

    @MethodSource("granularities")
    @ParameterizedTest
    void rangesFoundPieceByPieceAreThoseOfTheWhole(Granularity granularity) {
        Random random = new Random(SEED);
        float[] values = new float[Math.toIntExact(SHAPE.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Scheme scheme = new Scheme(NumberFormats.INT4, true, granularity);

        assertThat(
                        Encoding.ofRanges(
                                scheme,
                                granularity.scaleShape(SHAPE),
                                WeightRanges.searched(Tensor.ofFloats(SHAPE, values), scheme)))
                .isEqualTo(
                        Encoding.ofRanges(
                                scheme,
                                granularity.scaleShape(SHAPE),
                                ClippingSearch.ranges(values, new double[0], SHAPE, scheme)));
    }
}
