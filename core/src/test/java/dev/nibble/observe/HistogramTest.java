package dev.nibble.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

class HistogramTest extends StatisticLaws<Histogram> {
    @Override
    Observer<Histogram> observer() {
        return Histogram.observer(64);
    }

    @Override
    void assertSame(Histogram actual, Histogram expected) {
        assertThat(actual).isEqualTo(expected);
    }

    @Override
    float value(Random random) {
        return anything(random);
    }

    @Test
    void countsAreByBinFromTheLeastToTheGreatest() {
        Histogram histogram = of(4, 0f, 0.5f, 1f, 1.5f, 1.9f, 3.999f);
        assertThat(histogram.exponent()).isZero();
        assertThat(histogram.firstBin()).isZero();
        assertThat(histogram.counts()).containsExactly(2, 3, 0, 1);
        assertThat(histogram.total()).isEqualTo(6);
        assertThat(histogram.binCenter(3)).isEqualTo(3.5);
    }

    @Test
    void negativeValuesHaveNegativeBins() {
        Histogram histogram = of(4, -2f, -0.001f, 0f, 1.5f);
        assertThat(histogram.firstBin()).isEqualTo(-2);
        assertThat(histogram.counts()).containsExactly(1, 1, 1, 1);
        assertThat(histogram.binCenter(0)).isEqualTo(-1.5);
    }

    static Stream<Arguments> grids() {
        return Stream.of(
                arguments("all zeros take one bin of the finest step", 0f, 0f, -127, 0),
                arguments("one value is found to 31 bits", 1f, 1f, -30, 1 << 30),
                arguments("one negative value too", -1.5f, -1.5f, -30, -3 << 29),
                arguments("an upper end on the grid needs a bin of its own", 0f, 64f, 1, 0),
                arguments("one just below does not", 0f, Math.nextDown(64f), 0, 0),
                arguments("a narrow range far from 0 has fine steps", 1000f, 1001f, -5, 32000),
                arguments("the widest range", -Float.MAX_VALUE, Float.MAX_VALUE, 123, -32),
                arguments("only denormal values", 0f, 3 * Float.MIN_VALUE, -127, 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("grids")
    void theGridIsTheFinestThatCovers(
            String why, float min, float max, int exponent, int firstBin) {
        Histogram histogram = of(64, min, max);
        assertThat(histogram.exponent()).as(why).isEqualTo(exponent);
        assertThat(histogram.firstBin()).as(why).isEqualTo(firstBin);
        assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(2);
    }

    @RepeatedTest(10)
    void everyValueIsCountedInItsOwnBin() {
        long seed = Long.getLong("nibble.seed", System.nanoTime());
        Random random = new Random(seed);
        float[] values = new float[9000];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, moderate(random));
        }
        Histogram histogram = of(Histogram.DEFAULT_BINS, values);
        long[] expected = new long[histogram.bins()];
        double width = Math.scalb(1.0, histogram.exponent());
        for (float value : values) {
            expected[(int) Math.floor(value / width) - histogram.firstBin()]++;
        }
        assertThat(histogram.counts()).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void aCoarseHistogramTakesInAFineOneFarBelowItsSteps() {
        Histogram fine = of(64, 1e-30f, -1e-30f);
        Histogram coarse = of(64, 0f, 1e30f);
        assertThat(fine.merge(coarse)).isEqualTo(of(64, 1e-30f, -1e-30f, 0f, 1e30f));
    }

    @Test
    void whatIsNotFiniteIsCountedApart() {
        Histogram histogram = of(4, Float.NaN, 1f, Float.POSITIVE_INFINITY);
        assertThat(histogram.total()).isEqualTo(1);
        assertThat(histogram.notFinite()).isEqualTo(2);
        assertThat(histogram.max()).isEqualTo(1f);
    }

    @Test
    void nothingFiniteIsEmpty() {
        Histogram histogram = of(4, Float.NaN);
        assertThat(histogram.isEmpty()).isTrue();
        assertThat(histogram.counts()).isEmpty();
        assertThat(histogram).hasToString("no finite values");
    }

    @Test
    void fewerThanTwoBinsAreRefused() {
        assertThatThrownBy(() -> Histogram.observer(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a histogram takes at least 2 bins, not 1");
    }

    @Test
    void histogramsOfDifferentNumbersOfBinsDoNotMerge() {
        assertThatThrownBy(() -> of(4, 1f).merge(of(8, 1f)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "histograms of at most 4 and 8 bins do not merge; observe both with the"
                                + " same number");
    }

    private static Histogram of(int maxBins, float... values) {
        return Histogram.observer(maxBins)
                .observe(Tensor.ofFloats(Shape.of(values.length), values));
    }
}
