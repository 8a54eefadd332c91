package dev.nibble.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingSettingsTest {
    @Test
    void learningRateRisesToItsPeakAndFallsToNearlyNothing() {
        TrainingSettings settings = new TrainingSettings(100, 0.5, 0, 1);

        assertThat(settings.learningRate(0)).isGreaterThan(0).isLessThan(0.05);
        assertThat(settings.learningRate(10)).isEqualTo(0.5);
        assertThat(settings.learningRate(55)).isCloseTo(0.25, within(1e-9));
        assertThat(settings.learningRate(99)).isGreaterThan(0).isLessThan(0.001);
        for (int step = 11; step < 100; step++) {
            assertThat(settings.learningRate(step)).isLessThan(settings.learningRate(step - 1));
        }
    }

    @Test
    void oneStepLearns() {
        assertThat(new TrainingSettings(1, 0.5, 0, 1).learningRate(0)).isGreaterThan(0);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.1, 0, 1, steps is 0.0; it must be at least 1",
        "1, 0, 0, 1, peakLearningRate is 0.0; it must be positive and finite",
        "1, NaN, 0, 1, peakLearningRate is NaN; it must be positive and finite",
        "1, 0.1, -1, 1, weightDecay is -1.0; it must be in 0..1",
        "1, 0.1, 0, 0, threads is 0.0; it must be at least 1",
    })
    void refusesWhatMakesNoSense(
            int steps, double peak, double weightDecay, int threads, String message) {
        assertThatThrownBy(() -> new TrainingSettings(steps, peak, weightDecay, threads))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
