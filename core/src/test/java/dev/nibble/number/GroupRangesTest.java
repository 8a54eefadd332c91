package dev.nibble.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

class GroupRangesTest {
    private static final Tensor WEIGHT = Tensor.ofFloats(Shape.of(2, 3), 1, -2, 3, 4, 5, -6);

    @Test
    void aTensorHasOneRange() {
        assertThat(GroupRanges.of(WEIGHT, Granularity.perTensor()))
                .containsExactly(new Range(-6, 5));
    }

    @Test
    void eachRowHasARange() {
        assertThat(GroupRanges.of(WEIGHT, new Granularity.PerAxis(0)))
                .containsExactly(new Range(-2, 3), new Range(-6, 5));
    }

    @Test
    void eachColumnHasARangeThatHoldsZero() {
        assertThat(GroupRanges.of(WEIGHT, new Granularity.PerAxis(1)))
                .containsExactly(new Range(0, 4), new Range(-2, 5), new Range(-6, 3));
    }

    @Test
    void eachBlockHasARange() {
        assertThat(GroupRanges.of(WEIGHT, new Granularity.PerBlock(1, 2)))
                .containsExactly(
                        new Range(-2, 1), new Range(0, 3), new Range(0, 5), new Range(-6, 0));
    }

    @Test
    void whatIsNotFiniteIsRefusedByItsPlace() {
        float[] values = new float[5000];
        values[4999] = Float.NaN;
        assertThatThrownBy(() ->
                        GroupRanges.of(
                                Tensor.ofFloats(Shape.of(5000), values),
                                new Granularity.PerAxis(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("element 4999 is NaN");
    }
}
