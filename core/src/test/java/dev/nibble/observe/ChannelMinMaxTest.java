package dev.nibble.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Random;

class ChannelMinMaxTest extends StatisticLaws<ChannelMinMax> {
    @Override
    Observer<ChannelMinMax> observer() {
        return ChannelMinMax.observer(1);
    }

    @Override
    void assertSame(ChannelMinMax actual, ChannelMinMax expected) {
        assertThat(actual).isEqualTo(expected);
    }

    @Override
    float value(Random random) {
        return anything(random);
    }

    @Test
    void eachIndexAlongTheAxisIsAChannel() {
        Tensor values = Tensor.ofFloats(Shape.of(2, 2, 2), 1, -2, 10, 20, 3, 4, 30, 40);
        ChannelMinMax extremes = ChannelMinMax.observer(1).observe(values);
        assertThat(extremes.channels()).isEqualTo(2);
        assertThat(extremes.min(0)).isEqualTo(-2);
        assertThat(extremes.max(0)).isEqualTo(4);
        assertThat(extremes.min(1)).isEqualTo(10);
        assertThat(extremes.max(1)).isEqualTo(40);
    }

    @Test
    void aChannelWithoutFiniteValuesHasNoExtremes() {
        Tensor values = Tensor.ofFloats(Shape.of(2, 2), 1, Float.NaN, 2, Float.POSITIVE_INFINITY);
        ChannelMinMax extremes = ChannelMinMax.observer(-1).observe(values);
        assertThat(extremes.min(1)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(extremes.max(1)).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    @Test
    void differentNumbersOfChannelsDoNotMerge() {
        ChannelMinMax two = ChannelMinMax.observer(0).observe(Tensor.ofFloats(Shape.of(2), 1, 2));
        ChannelMinMax three =
                ChannelMinMax.observer(0).observe(Tensor.ofFloats(Shape.of(3), 1, 2, 3));
        assertThatThrownBy(() -> two.merge(three))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "extremes of 2 channels do not merge with those of 3; observe the same"
                                + " axis");
    }
}
