package dev.nibble.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Random;

class ChannelMomentsTest extends StatisticLaws<ChannelMoments> {
    @Override
    Observer<ChannelMoments> observer() {
        return ChannelMoments.observer(1);
    }

    @Override
    void assertSame(ChannelMoments actual, ChannelMoments expected) {
        assertThat(actual.count()).isEqualTo(expected.count());
        assertThat(actual.channels()).isEqualTo(expected.channels());
        for (int channel = 0; channel < expected.channels(); channel++) {
            assertThat(actual.mean(channel)).isCloseTo(expected.mean(channel), within(1e-12));
            assertThat(actual.meanSquare(channel))
                    .isCloseTo(expected.meanSquare(channel), within(1e-12));
        }
    }

    @Override
    float value(Random random) {
        return moderate(random);
    }

    @Test
    void eachIndexAlongTheAxisIsAChannel() {
        Tensor values = Tensor.ofFloats(Shape.of(2, 2, 2), 1, 2, 10, 20, 3, 4, 30, 40);
        ChannelMoments moments = ChannelMoments.observer(1).observe(values);
        assertThat(moments.channels()).isEqualTo(2);
        assertThat(moments.count()).isEqualTo(4);
        assertThat(moments.mean(0)).isEqualTo(2.5);
        assertThat(moments.mean(1)).isEqualTo(25);
        assertThat(moments.meanSquare(0)).isEqualTo((1 + 4 + 9 + 16) / 4.0);
    }

    @Test
    void theLastAxisMayBeTheChannels() {
        Tensor values = Tensor.ofFloats(Shape.of(3, 2), 1, 10, 2, 20, 6, 60);
        ChannelMoments moments = ChannelMoments.observer(-1).observe(values);
        assertThat(moments.mean(0)).isEqualTo(3);
        assertThat(moments.mean(1)).isEqualTo(30);
    }

    @Test
    void runsOfAChannelMayCrossBlocks() {
        float[] values = new float[2 * 5000];
        for (int i = 5000; i < values.length; i++) {
            values[i] = 4;
        }
        ChannelMoments moments =
                ChannelMoments.observer(0).observe(Tensor.ofFloats(Shape.of(2, 5000), values));
        assertThat(moments.mean(0)).isZero();
        assertThat(moments.mean(1)).isEqualTo(4);
        assertThat(moments.meanSquare(1)).isEqualTo(16);
    }

    @Test
    void differentNumbersOfChannelsDoNotMerge() {
        ChannelMoments two = ChannelMoments.observer(0).observe(Tensor.ofFloats(Shape.of(2), 1, 2));
        ChannelMoments three =
                ChannelMoments.observer(0).observe(Tensor.ofFloats(Shape.of(3), 1, 2, 3));
        assertThatThrownBy(() -> two.merge(three))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "moments of 2 channels do not merge with those of 3; observe the same"
                                + " axis");
    }
}
