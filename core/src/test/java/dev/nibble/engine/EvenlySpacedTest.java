package dev.nibble.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class EvenlySpacedTest {
    private static final Samples TEN = NumberedSamples.of(10);

    @Test
    void samplesComeFromAllOverTheSet() {
        Samples some = EvenlySpaced.atMost(4, TEN);

        assertThat(IntStream.range(0, some.size()).mapToObj(i -> some.get(i).name()))
                .containsExactly(
                        TEN.get(0).name(), TEN.get(2).name(), TEN.get(5).name(), TEN.get(7).name());
    }

    @Test
    void aSmallSetIsTakenWhole() {
        assertThat(EvenlySpaced.atMost(10, TEN)).isSameAs(TEN);
    }

    @Test
    void moreThanThereAreCannotBeTaken() {
        assertThatThrownBy(() -> new EvenlySpaced(TEN, 11))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("11 samples cannot be taken from 10");
    }
}
