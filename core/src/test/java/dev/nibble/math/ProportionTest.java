package dev.nibble.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
    @ParameterizedTest
    @CsvSource({
        // Newcombe 1998, table I, method 3
        "81, 263, 0.2553, 0.3662",
        "15, 148, 0.0624, 0.1605",
        "0, 20, 0, 0.1611",
        "1, 29, 0.0061, 0.1718",
        "20, 20, 0.8389, 1"
    })
    void theIntervalIsWilsons(long successes, long trials, double low, double high) {
        Proportion proportion = new Proportion(successes, trials);
        assertThat(proportion.low()).isCloseTo(low, within(5e-5));
        assertThat(proportion.high()).isCloseTo(high, within(5e-5));
    }

    @Test
    void moreThanAllIsRefused() {
        assertThatThrownBy(() -> new Proportion(3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 of 2");
    }
}
