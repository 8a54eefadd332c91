package dev.nibble.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.train.Optimization.Schedule;

import org.junit.jupiter.api.Test;

class OptimizationTest {
    private static final int STEPS = 1000;

    @Test
    void aCosineRisesFirstAndThenFallsToZero() {
        Optimization cosine = Optimization.DEFAULT.schedule(Schedule.COSINE);

        assertThat(cosine.share(0, STEPS)).isBetween(0.0, 0.05);
        assertThat(cosine.share(50, STEPS)).isCloseTo(1, within(1e-9));
        assertThat(cosine.share(525, STEPS)).isCloseTo(0.5, within(1e-9));
        assertThat(cosine.share(STEPS - 1, STEPS)).isBetween(0.0, 1e-4);
    }

    @Test
    void oneCycleRisesLonger() {
        Optimization cycle = Optimization.DEFAULT.schedule(Schedule.ONE_CYCLE);

        assertThat(cycle.share(150, STEPS)).isBetween(0.45, 0.55);
        assertThat(cycle.share(300, STEPS)).isCloseTo(1, within(1e-9));
        assertThat(cycle.share(STEPS - 1, STEPS)).isBetween(0.0, 1e-4);
    }

    @Test
    void aConstantRateStays() {
        Optimization constant = Optimization.DEFAULT.schedule(Schedule.CONSTANT);

        assertThat(constant.share(100, STEPS)).isEqualTo(1);
        assertThat(constant.share(STEPS - 1, STEPS)).isEqualTo(1);
    }
}
