package dev.nibble.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.stream.LongStream;

class LatencyTest {
    private static final long MS = 1_000_000;

    @Test
    void the_median_of_an_odd_number_is_the_middle_one() {
        assertThat(Latency.ofNanos(9 * MS, MS, 2 * MS).medianMs()).isEqualTo(2);
    }

    @Test
    void the_median_of_an_even_number_lies_between_the_middle_ones() {
        assertThat(Latency.ofNanos(9 * MS, MS, 2 * MS, 3 * MS).medianMs()).isEqualTo(2.5);
    }

    @Test
    void ninety_five_of_a_hundred_do_not_exceed_p95() {
        long[] hundred = LongStream.rangeClosed(1, 100).map(i -> i * MS).toArray();
        long[] twenty = LongStream.rangeClosed(1, 20).map(i -> i * MS).toArray();

        assertThat(Latency.ofNanos(hundred).p95Ms()).isEqualTo(95);
        assertThat(Latency.ofNanos(twenty).p95Ms()).isEqualTo(19);
        assertThat(Latency.ofNanos(7 * MS).p95Ms()).isEqualTo(7);
    }

    @Test
    void no_runs_have_no_latency() {
        assertThatThrownBy(() -> Latency.ofNanos())
                .hasMessage("the latency of no runs at all is unknown; time at least one");
    }
}
