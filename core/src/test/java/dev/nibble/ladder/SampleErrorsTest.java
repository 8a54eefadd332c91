package dev.nibble.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.observe.ErrorStatistic;

import org.junit.jupiter.api.Test;

class SampleErrorsTest {
    /** A sample of this power and this signal to noise ratio. */
    private static SampleErrors sample(double power, double sqnrDb) {
        double error = power * Math.pow(10, -sqnrDb / 10);
        return SampleErrors.of(new ErrorStatistic(10, power, power, power, error, 1));
    }

    @Test
    void theMiddleSampleCountsWhereOneLargeOneHidesTheOthers() {
        SampleErrors some = sample(1e6, 30).merge(sample(1, 5)).merge(sample(1, 7));
        assertThat(some.sqnrDb()).isCloseTo(7, within(1e-9));
    }

    @Test
    void theTotalCountsWhereItIsLower() {
        SampleErrors some = sample(1e6, 3).merge(sample(1, 20)).merge(sample(1, 30));
        assertThat(some.sqnrDb()).isCloseTo(3, within(0.001));
    }

    @Test
    void ofAnEvenNumberTheLowerMiddleCounts() {
        assertThat(sample(1, 10).merge(sample(1e3, 20)).sqnrDb()).isCloseTo(10, within(1e-9));
    }

    @Test
    void samplesWithoutSignalHaveNothingToLose() {
        SampleErrors silent = SampleErrors.of(new ErrorStatistic(10, 0, 1, 0, 1, 1));
        assertThat(silent.sqnrDb()).isInfinite();
        assertThat(silent.merge(sample(1, 12)).sqnrDb()).isCloseTo(12, within(1e-9));
    }

    @Test
    void mergingIsACommutativeMonoid() {
        SampleErrors a = sample(3, 11);
        SampleErrors b = sample(5, 7);
        SampleErrors c = sample(2, 30);
        assertThat(a.merge(b).merge(c)).isEqualTo(c.merge(b.merge(a)));
        assertThat(a.merge(SampleErrors.NOTHING)).isEqualTo(a);
    }
}
