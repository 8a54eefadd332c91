package dev.nibble.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.engine.Outputs;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Session;
import dev.nibble.error.NibbleException;
import dev.nibble.tensor.Tensor;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

class ThroughputMeterTest {
    private static final long MS = 1_000_000;
    private static final Offset<Double> CLOSE = Offset.offset(1e-9);

    @TempDir private Path folder;

    private final AtomicLong now = new AtomicLong();
    private final List<String> turns = Collections.synchronizedList(new ArrayList<>());

    /** Moves the clock on by its time, and a counter by its energy. */
    private record Running(Runnable run) implements Session {
        @Override
        public Outputs run(Map<String, Tensor> inputs) {
            run.run();
            return new Outputs() {
                @Override
                public Map<String, Tensor> tensors() {
                    return Map.of();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }

    private static final List<Sample> SAMPLES =
            List.of(new Sample("one", Map.of(), Sample.UNLABELLED));

    private ThroughputMeter meter(int workers, PowerCap counters) {
        return new ThroughputMeter(workers, 3, Duration.ofMillis(20), counters, now::get);
    }

    private Session taking(String name, long ms) {
        return new Running(() -> {
            turns.add(name);
            now.addAndGet(ms * MS);
        });
    }

    @Test
    void throughput_is_samples_done_by_time_taken() {
        List<Throughput> found =
                meter(1, PowerCap.in(folder))
                        .measure(List.of(taking("a", 5), taking("b", 40)), SAMPLES, Progress.NONE);

        assertThat(found.get(0).samplesPerSecond()).isEqualTo(200, CLOSE);
        assertThat(found.get(1).samplesPerSecond())
                .as("one run, however long")
                .isEqualTo(25, CLOSE);
        assertThat(found.get(0).joulesPerSample()).as("no counters").isEmpty();
        assertThat(found.get(0).obstacle()).startsWith("there are no counters in ");
    }

    @Test
    void networks_take_turns_and_odd_rounds_go_backwards() {
        meter(1, PowerCap.in(folder))
                .measure(List.of(taking("a", 20), taking("b", 20)), SAMPLES, Progress.NONE);

        assertThat(turns).containsExactly("a", "b", "a", "b", "b", "a", "a", "b");
    }

    @Test
    void every_worker_does_its_share() {
        meter(3, PowerCap.in(folder)).measure(List.of(taking("a", 100)), SAMPLES, Progress.NONE);

        assertThat(turns).as("once for room, and in three rounds").hasSize(3 + 9);
    }

    @Test
    void the_energy_of_a_turn_is_that_of_the_network_whose_turn_it_is() throws Exception {
        Counters counters = new Counters(folder);
        counters.zone("intel-rapl:0", "package-0", 0, 1_000_000);
        Session modest =
                new Running(() -> {
                    now.addAndGet(10 * MS);
                    counters.count("intel-rapl:0", 100_000);
                });
        Session hungry =
                new Running(() -> {
                    now.addAndGet(10 * MS);
                    counters.count("intel-rapl:0", 300_000);
                });

        List<Throughput> found =
                meter(1, PowerCap.in(folder))
                        .measure(List.of(modest, hungry), SAMPLES, Progress.NONE);

        assertThat(found.get(0).joulesPerSample().orElseThrow()).isEqualTo(0.1, CLOSE);
        assertThat(found.get(1).joulesPerSample().orElseThrow())
                .as("the counter begins anew now and then")
                .isEqualTo(0.3, CLOSE);
    }

    @Test
    void a_failure_comes_out_as_it_is() {
        Session failing =
                new Running(() -> {
                    throw new NibbleException("input x is missing");
                });

        assertThatThrownBy(() ->
                        meter(2, PowerCap.in(folder))
                                .measure(List.of(failing), SAMPLES, Progress.NONE))
                .isInstanceOf(NibbleException.class)
                .hasMessage("input x is missing");
    }

    @Test
    void a_million_samples_cost_the_hours_that_they_take() {
        Throughput hundred = new Throughput(100, OptionalDouble.empty(), "none");

        assertThat(hundred.costPerMillion(0.36)).as("10000 seconds").isEqualTo(1, CLOSE);
    }
}
