package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.observe.Histogram;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.stream.LongStream;

class BinsTest {
    private static Histogram histogram(float... values) {
        return Histogram.observer(Histogram.DEFAULT_BINS)
                .observe(Tensor.ofFloats(Shape.of(values.length), values));
    }

    @Test
    void neighbouringBinsAreTakenTogetherAndNothingIsLost() {
        float[] values = new float[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = -3 + i * 0.01f;
        }
        Bins bins = Bins.of(histogram(values)).orElseThrow();
        assertThat(bins.counts()).hasSizeBetween(2, 64);
        assertThat(bins.counts().stream().mapToLong(count -> count).sum()).isEqualTo(1000);
        assertThat(bins.start()).isLessThanOrEqualTo(-3);
        assertThat(bins.start() + bins.width() * bins.counts().size()).isGreaterThan(6.98);
    }

    @Test
    void eachNumberIsCountedWhereItLies() {
        Bins bins = Bins.of(histogram(0, 0, 1, 4)).orElseThrow();
        long[] expected = new long[bins.counts().size()];
        for (float value : new float[] {0, 0, 1, 4}) {
            expected[(int) Math.floor((value - bins.start()) / bins.width())]++;
        }
        assertThat(bins.counts()).isEqualTo(LongStream.of(expected).boxed().toList());
    }

    @Test
    void withoutFiniteNumbersThereIsNothingToDraw() {
        assertThat(Bins.of(histogram(Float.NaN))).isEmpty();
    }
}
