package dev.nibble.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RoundingProblemTest {
    private static final double[] WEIGHTS = {1, 2};

    /** Inputs of variance 2 and 8 that have nothing in common; targets are 3 times the second. */
    private static final RoundingProblem PROBLEM =
            new RoundingProblem(
                    1,
                    2,
                    WEIGHTS,
                    new double[] {2, 0, 0, 8},
                    new double[] {0, 24},
                    new double[] {72});

    @Test
    void theErrorIsThatOfTheOutputs() {
        assertThat(PROBLEM.error(new double[] {0, 3})).isCloseTo(0, within(1e-12));
        assertThat(PROBLEM.error(new double[] {0, 0})).isEqualTo(72);
        assertThat(PROBLEM.error(WEIGHTS)).isCloseTo(2 + 8, within(1e-12));
        assertThat(PROBLEM.signal()).isEqualTo(72);
    }

    @Test
    void targetsAreBetweenTheFloatWeightsAndTheBestOnes() {
        assertThat(PROBLEM.targets(1e-9)).containsExactly(new double[] {0, 3}, within(1e-6));
        assertThat(PROBLEM.targets(1e9)).containsExactly(WEIGHTS, within(1e-6));
        // mean of the diagonal 5, so that 2/(2+5) and 8/(8+5) of the way are gone
        assertThat(PROBLEM.targets(1))
                .containsExactly(new double[] {1 - 2 / 7.0, 2 + 8 / 13.0}, within(1e-12));
    }

    @Test
    void numbersThatAreNoneAreSeen() {
        assertThat(PROBLEM.isFinite()).isTrue();
        double[] broken = {2, 0, 0, Double.NaN};
        assertThat(
                        new RoundingProblem(1, 2, WEIGHTS, broken, new double[2], new double[1])
                                .isFinite())
                .isFalse();
    }
}
