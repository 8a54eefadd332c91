package dev.nibble.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.Random;

class BootstrapTest {
    @Test
    void the_interval_is_about_two_standard_errors_around_the_mean() {
        Random random = new Random(3);
        double[] values = random.doubles(400).toArray();
        double error = Math.sqrt(1.0 / 12 / values.length);

        Bootstrap found = Bootstrap.mean(values);

        assertThat(found.mean()).isEqualTo(0.5, Offset.offset(3 * error));
        assertThat(found.high() - found.mean()).isEqualTo(1.96 * error, Offset.offset(0.3 * error));
        assertThat(found.mean() - found.low()).isEqualTo(1.96 * error, Offset.offset(0.3 * error));
    }

    @Test
    void the_same_numbers_give_the_same_interval() {
        double[] values = {1, 2, 4, 8};

        assertThat(Bootstrap.mean(values)).isEqualTo(Bootstrap.mean(values.clone()));
    }

    @Test
    void equal_numbers_leave_no_doubt() {
        assertThat(Bootstrap.mean(new double[] {3, 3, 3})).isEqualTo(new Bootstrap(3, 3, 3));
    }

    @Test
    void no_numbers_are_refused() {
        assertThatThrownBy(() -> Bootstrap.mean(new double[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
