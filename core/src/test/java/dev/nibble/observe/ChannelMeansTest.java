package dev.nibble.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Random;

class ChannelMeansTest extends StatisticLaws<ChannelMeans> {
    @Override
    Observer<ChannelMeans> observer() {
        return ChannelMeans.observer(1);
    }

    @Override
    void assertSame(ChannelMeans actual, ChannelMeans expected) {
        assertThat(actual.count()).isEqualTo(expected.count());
        assertThat(actual.channels()).isEqualTo(expected.channels());
        for (int channel = 0; channel < expected.channels(); channel++) {
            assertThat(actual.mean(channel)).isCloseTo(expected.mean(channel), within(1e-12));
        }
    }

    @Override
    float value(Random random) {
        return moderate(random);
    }

    @Test
    void eachIndexAlongTheAxisIsAChannel() {
        Tensor values = Tensor.ofFloats(Shape.of(2, 2, 2), 1, 2, 10, 20, 3, 4, 30, 40);
        ChannelMeans means = ChannelMeans.observer(1).observe(values);
        assertThat(means.channels()).isEqualTo(2);
        assertThat(means.count()).isEqualTo(4);
        assertThat(means.mean(0)).isEqualTo(2.5);
        assertThat(means.mean(1)).isEqualTo(25);
    }

    @Test
    void theLastAxisMayBeTheChannels() {
        Tensor values = Tensor.ofFloats(Shape.of(3, 2), 1, 10, 2, 20, 6, 60);
        ChannelMeans means = ChannelMeans.observer(-1).observe(values);
        assertThat(means.mean(0)).isEqualTo(3);
        assertThat(means.mean(1)).isEqualTo(30);
    }

    @Test
    void runsOfAChannelMayCrossBlocks() {
        float[] values = new float[2 * 5000];
        for (int i = 5000; i < values.length; i++) {
            values[i] = 4;
        }
        ChannelMeans means =
                ChannelMeans.observer(0).observe(Tensor.ofFloats(Shape.of(2, 5000), values));
        assertThat(means.mean(0)).isZero();
        assertThat(means.mean(1)).isEqualTo(4);
    }

    @Test
    void differentNumbersOfChannelsDoNotMerge() {
        ChannelMeans two = ChannelMeans.observer(0).observe(Tensor.ofFloats(Shape.of(2), 1, 2));
        ChannelMeans three =
                ChannelMeans.observer(0).observe(Tensor.ofFloats(Shape.of(3), 1, 2, 3));
        assertThatThrownBy(() -> two.merge(three))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "means of 2 channels do not merge with those of 3; observe the same"
                                + " axis");
    }
}
