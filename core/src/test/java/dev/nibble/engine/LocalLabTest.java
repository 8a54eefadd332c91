package dev.nibble.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.observe.Observer;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

@Timeout(60)
class LocalLabTest {
    private static final List<Probe> PROBES = List.of(Probe.outputsOf(EchoEngine.MODEL));

    private final EchoEngine engine = new EchoEngine();
    private final RecordingProgress progress = new RecordingProgress();

    /** A sum of floats: its bits tell the order of adding. */
    private record Sum(float value) implements Statistic<Sum> {
        @Override
        public Sum merge(Sum other) {
            return new Sum(value + other.value);
        }
    }

    /** The labels of the samples in the order in which they were folded. */
    private record Trace(List<Integer> labels) implements Statistic<Trace> {
        @Override
        public Trace merge(Trace other) {
            return new Trace(Stream.concat(labels.stream(), other.labels.stream()).toList());
        }
    }

    private record Sums() implements Measurement<Sum>, Observer<Sum> {
        @Override
        public Sum nothing() {
            return new Sum(0);
        }

        @Override
        public Sum measure(Sample sample, List<Map<String, Tensor>> outputs) {
            return new Sum(NumberedSamples.number(outputs.getFirst()));
        }

        @Override
        public Sum observe(Tensor values) {
            return new Sum(values.floats()[0]);
        }
    }

    private record Traces() implements Measurement<Trace> {
        @Override
        public Trace nothing() {
            return new Trace(List.of());
        }

        @Override
        public Trace measure(Sample sample, List<Map<String, Tensor>> outputs) {
            return new Trace(List.of(sample.label()));
        }
    }

    private LocalLab lab(Samples samples, int threads, int batch) {
        return new LocalLab(samples, engine, new EchoEngine.NoFormat(), threads, batch, progress);
    }

    private static void loadsUnevenly(int index) {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,3", "1,16", "2,1", "2,3", "2,16", "4,1", "4,3", "4,16", "4,1000"})
    void sums_have_the_same_bits_for_any_threads_and_batch(int threads, int batch) {
        float expected = 0;
        for (int from = 0; from < 203; from += LocalLab.CHUNK) {
            float partial = 0;
            for (int i = from; i < Math.min(203, from + LocalLab.CHUNK); i++) {
                partial += NumberedSamples.number(i);
            }
            expected += partial;
        }
        float inOneGo = 0;
        for (int i = 0; i < 203; i++) {
            inOneGo += NumberedSamples.number(i);
        }
        assertThat(inOneGo).as("these numbers tell the order of adding").isNotEqualTo(expected);

        Samples samples = new NumberedSamples(203, LocalLabTest::loadsUnevenly);
        Sum sum = lab(samples, threads, batch).measure("adding", PROBES, new Sums());

        assertThat(Float.floatToRawIntBits(sum.value()))
                .isEqualTo(Float.floatToRawIntBits(expected));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,3", "4,16", "3,5"})
    void every_sample_is_folded_once_and_in_order(int threads, int batch) {
        Samples samples = new NumberedSamples(101, LocalLabTest::loadsUnevenly);

        Trace trace = lab(samples, threads, batch).measure("tracing", PROBES, new Traces());

        assertThat(trace.labels()).isEqualTo(IntStream.range(0, 101).boxed().toList());
        assertThat(progress.events).startsWith("start tracing 101").endsWith("finish");
        assertThat(progress.advanced.get()).isEqualTo(101);
        assertEverythingIsOver();
    }

    @Test
    void no_samples_give_the_neutral_statistic() {
        assertThat(lab(NumberedSamples.of(0), 2, 4).measure("adding", PROBES, new Sums()))
                .isEqualTo(new Sum(0));
        assertEverythingIsOver();
    }

    @Test
    void each_probe_has_one_session_of_one_thread_for_all_workers() {
        List<Probe> probes = List.of(PROBES.getFirst(), PROBES.getFirst());

        lab(NumberedSamples.of(50), 4, 1).measure("adding", probes, new Sums());

        assertThat(engine.opened).hasValue(2);
        assertThat(engine.options).containsOnly(EngineOptions.SINGLE_THREAD);
        assertEverythingIsOver();
    }

    @Test
    void outputs_of_all_probes_are_open_while_they_are_measured() {
        List<Probe> probes = List.of(PROBES.getFirst(), PROBES.getFirst(), PROBES.getFirst());
        Measurement<Sum> measurement =
                new Measurement<>() {
                    @Override
                    public Sum nothing() {
                        return new Sum(0);
                    }

                    @Override
                    public Sum measure(Sample sample, List<Map<String, Tensor>> outputs) {
                        assertThat(outputs).hasSize(3);
                        return new Sum(engine.openOutputs.get());
                    }
                };

        assertThat(lab(NumberedSamples.of(2), 1, 1).measure("looking", probes, measurement))
                .isEqualTo(new Sum(3 + 3));
    }

    @Test
    void observing_gives_a_statistic_for_each_value() {
        Map<String, Sum> sums =
                lab(NumberedSamples.of(3), 2, 1)
                        .observe("observing", EchoEngine.MODEL, Set.of("x"), new Sums());

        float expected =
                NumberedSamples.number(0) + NumberedSamples.number(1) + NumberedSamples.number(2);
        assertThat(sums).isEqualTo(Map.of("x", new Sum(expected)));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "4,1", "4,8"})
    void of_several_failures_the_earliest_sample_counts(int threads, int batch) {
        IntConsumer failing =
                index -> {
                    if (index == 9) {
                        LockSupport.parkNanos(20_000_000);
                    }
                    if (index >= 9) {
                        throw new NibbleException("sample " + index + " is broken");
                    }
                };

        for (int repeat = 0; repeat < 5; repeat++) {
            assertThatThrownBy(() ->
                            lab(new NumberedSamples(100, failing), threads, batch)
                                    .measure("failing", PROBES, new Sums()))
                    .isInstanceOf(NibbleException.class)
                    .hasMessage("sample 9 is broken");
        }
        assertThat(progress.events).endsWith("finish");
        assertEverythingIsOver();
    }

    @Test
    void an_error_of_the_machine_comes_out_as_it_is() {
        OutOfMemoryError error = new OutOfMemoryError("full");
        IntConsumer failing =
                index -> {
                    if (index == 7) {
                        throw error;
                    }
                };

        assertThatThrownBy(() ->
                        lab(new NumberedSamples(100, failing), 2, 1)
                                .measure("failing", PROBES, new Sums()))
                .isSameAs(error);
        assertEverythingIsOver();
    }

    @Test
    void a_statistic_that_does_not_merge_ends_the_work() {
        record Stubborn(boolean neutral) implements Statistic<Stubborn> {
            @Override
            public Stubborn merge(Stubborn other) {
                if (!neutral) {
                    throw new IllegalStateException("cannot merge");
                }
                return other;
            }
        }
        Measurement<Stubborn> measurement =
                new Measurement<>() {
                    @Override
                    public Stubborn nothing() {
                        return new Stubborn(true);
                    }

                    @Override
                    public Stubborn measure(Sample sample, List<Map<String, Tensor>> outputs) {
                        // each chunk has one sample that merges; folding the second chunk fails
                        return new Stubborn(sample.label() % LocalLab.CHUNK != LocalLab.CHUNK - 1);
                    }
                };

        assertThatThrownBy(() ->
                        lab(NumberedSamples.of(100), 2, 1).measure("failing", PROBES, measurement))
                .hasMessage("cannot merge");
        assertEverythingIsOver();
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "4"})
    void a_listener_cancels_the_work(int threads) {
        AtomicInteger loaded = new AtomicInteger();
        progress.cancelAfter = 3;

        assertThatThrownBy(() ->
                        lab(new NumberedSamples(10_000, _ -> loaded.incrementAndGet()), threads, 1)
                                .measure("cancelling", PROBES, new Sums()))
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
        assertThat(loaded.get()).as("samples begun").isLessThan(3 + 100 * threads);
        assertThat(progress.events).endsWith("finish");
        assertEverythingIsOver();
    }

    @Test
    void an_interruption_cancels_the_work() {
        Thread caller = Thread.currentThread();
        AtomicInteger loaded = new AtomicInteger();
        IntConsumer interrupting =
                index -> {
                    loaded.incrementAndGet();
                    if (index == 2) {
                        caller.interrupt();
                    }
                    LockSupport.parkNanos(1_000_000);
                };

        assertThatThrownBy(() ->
                        lab(new NumberedSamples(20_000, interrupting), 2, 1)
                                .measure("waiting", PROBES, new Sums()))
                .isInstanceOf(CancellationException.class)
                .hasMessage("the work was interrupted");
        assertThat(Thread.interrupted()).as("interrupt status is kept").isTrue();
        assertThat(loaded.get()).isLessThan(20_000);
        assertEverythingIsOver();
    }

    @ParameterizedTest
    @CsvSource({"2,1,4", "3,1,6", "2,8,4"})
    void workers_do_not_run_far_ahead_of_the_fold(int threads, int batch, int window) {
        int group = Math.ceilDiv(batch, LocalLab.CHUNK) * LocalLab.CHUNK;
        // the first worker is stuck with its first sample; the others work off the rest of the
        // window
        int expected = (window - 1) * group + 1;
        AtomicInteger loaded = new AtomicInteger();
        AtomicInteger ahead = new AtomicInteger();
        IntConsumer firstWaits =
                index -> {
                    loaded.incrementAndGet();
                    if (index == 0) {
                        while (loaded.get() < expected) {
                            LockSupport.parkNanos(100_000);
                        }
                        LockSupport.parkNanos(50_000_000);
                        ahead.set(loaded.get());
                    }
                };

        lab(new NumberedSamples(400, firstWaits), threads, batch)
                .measure("waiting", PROBES, new Sums());

        assertThat(ahead.get()).isEqualTo(expected);
    }

    @Test
    void a_probe_that_does_not_open_leaves_no_session_behind() {
        Engine failing = new FailingEngine(engine);

        LocalLab lab =
                new LocalLab(
                        NumberedSamples.of(3), failing, new EchoEngine.NoFormat(), 1, 1, progress);

        assertThatThrownBy(() ->
                        lab.measure(
                                "failing",
                                List.of(PROBES.getFirst(), PROBES.getFirst()),
                                new Sums()))
                .isInstanceOf(NibbleException.class)
                .hasMessage("the second network does not load");
        assertEverythingIsOver();
        assertThat(progress.events).endsWith("finish");
    }

    @Test
    void a_lab_over_other_samples_keeps_its_settings() {
        LocalLab lab = lab(NumberedSamples.of(3), 2, 8).over(NumberedSamples.of(5));

        assertThat(lab.samples().size()).isEqualTo(5);
        assertThat(lab.threads()).isEqualTo(2);
        assertThat(lab.batch()).isEqualTo(8);
    }

    @Test
    void a_lab_needs_a_thread_and_a_sample() {
        assertThatThrownBy(() -> lab(NumberedSamples.of(3), 0, 1))
                .hasMessage("a lab needs at least 1 thread, not 0");
        assertThatThrownBy(() -> lab(NumberedSamples.of(3), 1, 0))
                .hasMessage("a batch holds at least 1 sample, not 0");
    }

    private void assertEverythingIsOver() {
        assertThat(engine.openSessions).hasValue(0);
        assertThat(engine.openOutputs).hasValue(0);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("nibble-lab-"));
    }

    /** Opens the first network and refuses the second. */
    private record FailingEngine(EchoEngine echo) implements Engine {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public Session open(
                Model model, Set<String> fetch, ModelFormat format, EngineOptions options) {
            if (echo.opened.get() == 1) {
                throw new NibbleException("the second network does not load");
            }
            return echo.open(model, fetch, format, options);
        }

        @Override
        public Session open(Path file, EngineOptions options) {
            return echo.open(file, options);
        }

        @Override
        public OptionalLong peakMemoryBytes(Path file, Sample sample) {
            return echo.peakMemoryBytes(file, sample);
        }
    }
}
