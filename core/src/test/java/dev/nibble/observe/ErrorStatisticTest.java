package dev.nibble.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.math.ErrorMeasures;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Random;

class ErrorStatisticTest extends StatisticLaws<ErrorStatistic> {
    /** Compares values with themselves rounded to integers. */
    private record Rounding() implements Observer<ErrorStatistic> {
        @Override
        public ErrorStatistic nothing() {
            return ErrorStatistic.NOTHING;
        }

        @Override
        public ErrorStatistic observe(Tensor values) {
            float[] rounded = values.floats();
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = (float) Math.rint(rounded[i]);
            }
            return ErrorStatistic.of(values, Tensor.ofFloats(values.shape(), rounded));
        }
    }

    @Override
    Observer<ErrorStatistic> observer() {
        return new Rounding();
    }

    @Override
    void assertSame(ErrorStatistic actual, ErrorStatistic expected) {
        ErrorMeasures measures = actual.measures();
        ErrorMeasures others = expected.measures();
        assertThat(actual.count()).isEqualTo(expected.count());
        assertThat(measures.sqnrDb()).isCloseTo(others.sqnrDb(), within(1e-9));
        assertThat(measures.mse()).isCloseTo(others.mse(), within(1e-12));
        assertThat(measures.cosine()).isCloseTo(others.cosine(), within(1e-12));
        assertThat(measures.maxError()).isEqualTo(others.maxError());
    }

    @Override
    float value(Random random) {
        return moderate(random);
    }

    @Test
    void measuresFollowFromTheSums() {
        ErrorMeasures measures = of(new float[] {3, 4}, new float[] {3, 3});
        assertThat(measures.mse()).isEqualTo(0.5);
        assertThat(measures.maxError()).isEqualTo(1);
        assertThat(measures.sqnrDb()).isCloseTo(10 * Math.log10(25), within(1e-12));
        assertThat(measures.cosine()).isCloseTo(21 / (5 * Math.sqrt(18)), within(1e-12));
    }

    @Test
    void tensorsLargerThanABlockAreComparedToTheEnd() {
        float[] reference = new float[10_000];
        float[] approximation = new float[10_000];
        reference[0] = 1;
        approximation[0] = 1;
        approximation[9_999] = -2;
        ErrorMeasures measures = of(reference, approximation);
        assertThat(measures.maxError()).isEqualTo(2);
        assertThat(measures.mse()).isEqualTo(4.0 / 10_000);
    }

    @Test
    void tensorsOfDifferentSizesAreRefused() {
        assertThatThrownBy(() -> of(new float[2], new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "float32 [2] cannot be compared with float32 [3]: not as many elements");
    }

    private static ErrorMeasures of(float[] reference, float[] approximation) {
        return ErrorStatistic.of(
                        Tensor.ofFloats(Shape.of(reference.length), reference),
                        Tensor.ofFloats(Shape.of(approximation.length), approximation))
                .measures();
    }
}
