package dev.nibble.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.error.NibbleException;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.observe.Histogram;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

class CalibratorsTest {
    private static final Scheme UINT8 =
            new Scheme(NumberFormats.UINT8, false, Granularity.perTensor());
    private static final Scheme UINT4 =
            new Scheme(NumberFormats.UINT4, false, Granularity.perTensor());

    /** A bell of 100,000 values with standard deviation 1 and one value far out. */
    private static Tensor bellWithOutlier(float outlier) {
        Random random = new Random(7);
        float[] values = new float[100_001];
        for (int i = 1; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        values[0] = outlier;
        return Tensor.ofFloats(Shape.of(values.length), values);
    }

    private static Histogram histogram(Tensor values) {
        return Histogram.observer(Histogram.DEFAULT_BINS).observe(values);
    }

    private static double squaredError(Tensor values, Scheme scheme, Range range) {
        Tensor coded = Quantizer.fakeQuantize(values, Encoding.ofRange(scheme, range));
        return ErrorStatistic.of(values, coded).measures().mse();
    }

    @Test
    void minMaxTakesTheExtremes() {
        Choice choice = Calibrators.MIN_MAX.choose(histogram(bellWithOutlier(60)), UINT8);

        assertThat(choice.range().max()).isEqualTo(60);
        assertThat(choice.range().min()).isBetween(-6f, -3f);
    }

    @Test
    void percentileLeavesTheOutlierOut() {
        Choice choice =
                Calibrators.named("percentile:99.9").choose(histogram(bellWithOutlier(60)), UINT8);

        // 99.95 % of a bell lie below 3.29
        assertThat((double) choice.range().max()).isCloseTo(3.29, within(0.2));
        assertThat((double) choice.range().min()).isCloseTo(-3.29, within(0.2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"minMax", "percentile", "mse", "entropy", "auto"})
    void staysWithinTheExtremes(String name) {
        Histogram histogram = histogram(bellWithOutlier(9));

        Range range = Calibrators.named(name).choose(histogram, UINT8).range();

        assertThat(range.min()).isGreaterThanOrEqualTo(histogram.min());
        assertThat(range.max()).isLessThanOrEqualTo(histogram.max());
    }

    @ParameterizedTest
    @ValueSource(strings = {"minMax", "percentile", "mse", "entropy", "auto"})
    void findsARangeForValuesFarFromZero(String name) {
        Tensor values = Tensor.ofFloats(Shape.of(4), 0.3119365f, 0.312f, 0.3121f, 0.3122f);

        Range range = Calibrators.named(name).choose(histogram(values), UINT8).range();

        assertThat(range.max()).isBetween(0.03f, 0.3122f);
    }

    @Test
    void mseErrsLessThanAnyOtherRangeOnTheValuesThemselves() {
        Tensor values = bellWithOutlier(20);
        Histogram histogram = histogram(values);

        double mse = squaredError(values, UINT4, Calibrators.MSE.choose(histogram, UINT4).range());

        // the histogram and the grid of candidates cost a little
        double slack = 1.03;
        for (float max = 1; max < 20; max += 0.5f) {
            for (float min = -4; min < -0.5f; min += 0.5f) {
                assertThat(mse)
                        .isLessThan(slack * squaredError(values, UINT4, new Range(min, max)));
            }
        }
    }

    @Test
    void entropyClipsALongThinTail() {
        Choice choice = Calibrators.ENTROPY.choose(histogram(bellWithOutlier(60)), UINT8);

        assertThat(choice.range().max()).isBetween(2f, 40f);
    }

    @Test
    void autoTakesTheExtremesWhereClippingHurts() {
        float[] even = new float[4096];
        for (int i = 0; i < even.length; i++) {
            even[i] = i / 4095f;
        }

        Choice choice =
                Calibrators.AUTO.choose(histogram(Tensor.ofFloats(Shape.of(4096), even)), UINT8);

        // half a step at the end may go: its values have the outermost code all the same
        assertThat(choice.range().max()).isGreaterThan(0.99f);
    }

    @Test
    void autoClipsAnOutlierThatStretchesTheSteps() {
        Choice choice = Calibrators.AUTO.choose(histogram(bellWithOutlier(60)), UINT4);

        assertThat(choice.range().max()).isLessThan(30);
        assertThat(choice.method()).isNotEqualTo("minMax");
    }

    @Test
    void namesTheCalibratorsThatThereAre() {
        assertThatThrownBy(() -> Calibrators.named("minmax"))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll(
                        "minmax", "minMax", "percentile", "mse", "entropy", "auto");
        assertThatThrownBy(() -> Calibrators.named("percentile:50"))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("50");
        assertThatThrownBy(() -> Calibrators.named("percentile:most"))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("most");
    }
}
