package dev.nibble.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Random;

class MinMaxTest extends StatisticLaws<MinMax> {
    @Override
    Observer<MinMax> observer() {
        return MinMax.observer();
    }

    @Override
    void assertSame(MinMax actual, MinMax expected) {
        assertThat(actual).isEqualTo(expected);
    }

    @Override
    float value(Random random) {
        return anything(random);
    }

    @Test
    void infinitiesAndNanAreCountedApart() {
        Tensor values = Tensor.ofFloats(Shape.of(5), 3, Float.NaN, -2, Float.POSITIVE_INFINITY, 1);
        assertThat(MinMax.observer().observe(values)).isEqualTo(new MinMax(-2, 3, 3, 2));
    }

    @Test
    void aTensorWithoutFiniteValuesIsEmpty() {
        MinMax seen = MinMax.observer().observe(Tensor.ofFloats(Shape.of(2), Float.NaN, Float.NaN));
        assertThat(seen.isEmpty()).isTrue();
        assertThat(seen.notFinite()).isEqualTo(2);
    }

    @Test
    void aScalarHasOneValue() {
        assertThat(MinMax.observer().observe(Tensor.ofFloats(Shape.scalar(), -4f)))
                .isEqualTo(new MinMax(-4, -4, 1, 0));
    }
}
