package dev.nibble.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

class StopwatchTest {
    private static final long MS = 1_000_000;

    private final List<String> runs = new ArrayList<>();
    private long now;

    /** A network that takes a known time on a clock that only it moves. */
    private final class Timed implements Session {
        private final String name;
        private final long[] nanos;
        private int ran;

        Timed(String name, long... nanos) {
            this.name = name;
            this.nanos = nanos;
        }

        @Override
        public Outputs run(Map<String, Tensor> inputs) {
            runs.add(name + NumberedSamples.number(inputs));
            now += nanos[ran++ % nanos.length];
            return new Outputs() {
                @Override
                public Map<String, Tensor> tensors() {
                    return inputs;
                }

                @Override
                public void close() {
                    runs.add("close");
                }
            };
        }

        @Override
        public void close() {}
    }

    private Stopwatch stopwatch(int warmUp, int min, int max, Duration limit) {
        return new Stopwatch(warmUp, min, max, limit, () -> now);
    }

    private static List<Sample> samples(int count) {
        Samples samples = NumberedSamples.of(count);
        return IntStream.range(0, count).mapToObj(samples::get).toList();
    }

    @Test
    void networks_take_turns_on_the_same_sample_and_change_the_order() {
        stopwatch(0, 3, 3, Duration.ofHours(1))
                .time(List.of(new Timed("a", MS), new Timed("b", MS)), samples(2), Progress.NONE);

        String first = Float.toString(NumberedSamples.number(0));
        String second = Float.toString(NumberedSamples.number(1));
        assertThat(runs.stream().filter(run -> !run.equals("close")))
                .containsExactly(
                        "a" + first,
                        "b" + first,
                        "b" + second,
                        "a" + second,
                        "a" + first,
                        "b" + first);
        assertThat(runs.stream().filter(run -> run.equals("close"))).hasSize(6);
    }

    @Test
    void each_network_gets_its_own_median_and_p95() {
        List<Latency> latencies =
                stopwatch(0, 20, 20, Duration.ZERO)
                        .time(
                                List.of(
                                        new Timed("slow", 4 * MS),
                                        new Timed("uneven", MS, MS, 3 * MS, 7 * MS)),
                                samples(1),
                                Progress.NONE);

        // in the same rounds: 1/4, 1/4, 3/4, 7/4 of the time of the first
        assertThat(latencies).containsExactly(new Latency(4, 4), new Latency(2, 7, 0.5));
    }

    @Test
    void warm_up_is_not_counted() {
        List<Latency> latencies =
                stopwatch(2, 3, 3, Duration.ofHours(1))
                        .time(
                                List.of(new Timed("a", 100 * MS, 100 * MS, MS, MS, MS)),
                                samples(1),
                                Progress.NONE);

        assertThat(latencies).containsExactly(new Latency(1, 1));
    }

    @Test
    void no_round_begins_after_the_time_limit() {
        stopwatch(3, 2, 1000, Duration.ofMillis(50))
                .time(List.of(new Timed("a", 10 * MS)), samples(1), Progress.NONE);

        assertThat(runs).as("3 to warm up, 5 in 50 ms, each closed").hasSize(2 * (3 + 5));
    }

    @Test
    void the_least_number_of_rounds_is_run_even_if_they_take_long() {
        stopwatch(0, 4, 1000, Duration.ofMillis(50))
                .time(List.of(new Timed("a", 1000 * MS)), samples(1), Progress.NONE);

        assertThat(runs).hasSize(2 * 4);
    }

    @Test
    void an_interruption_stops_the_timing() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() ->
                        Stopwatch.standard()
                                .time(List.of(new Timed("a", MS)), samples(1), Progress.NONE))
                .isInstanceOf(CancellationException.class)
                .hasMessage("the timing was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void timing_needs_a_sample_and_a_round() {
        assertThatThrownBy(() -> Stopwatch.standard().time(List.of(), List.of(), Progress.NONE))
                .hasMessage("there is nothing to run the networks on; give at least one sample");
        assertThatThrownBy(() -> stopwatch(0, 0, 1, Duration.ZERO))
                .hasMessage(
                        "cannot warm up for 0 rounds and time 0 to 1: warm-up is at least 0, rounds"
                                + " at least 1");
    }
}
