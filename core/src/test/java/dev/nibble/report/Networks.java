package dev.nibble.report;

import dev.nibble.cost.PowerCap;
import dev.nibble.cost.ThroughputMeter;
import dev.nibble.engine.Engine;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Session;
import dev.nibble.engine.Stopwatch;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** An engine and a format in one, for networks that are functions filed under a path. */
final class Networks implements Engine, ModelFormat {
    private final Map<Path, UnaryOperator<Map<String, Tensor>>> functions = new HashMap<>();
    private final Map<Path, List<String>> outputs = new HashMap<>();
    private final Map<Path, List<Path>> files = new HashMap<>();
    private final Map<Path, Long> memory = new HashMap<>();
    private final Set<Path> open = new HashSet<>();

    final List<EngineOptions> options = Collections.synchronizedList(new ArrayList<>());
    private final Map<Path, Set<String>> weighedOn = new HashMap<>();
    final AtomicInteger openSessions = new AtomicInteger();

    /** An evaluator of these networks whose clock advances a millisecond at every look. */
    Evaluator evaluator(int threads, int batch) {
        AtomicLong clock = new AtomicLong();
        LongSupplier ticking = () -> clock.getAndAdd(1_000_000);
        Stopwatch stopwatch = new Stopwatch(1, 2, 3, Duration.ofHours(1), ticking);
        ThroughputMeter meter =
                new ThroughputMeter(
                        1, 1, Duration.ofMillis(1), PowerCap.in(Path.of("no such")), ticking);
        Timing timing = new Timing(stopwatch, stopwatch, 3, meter, 2, ticking);
        return new Evaluator(this, this, threads, batch, Progress.NONE, timing, Optional.empty());
    }

    /** Files a network whose outputs the function makes from its inputs. */
    Path file(String name, List<String> outputNames, UnaryOperator<Map<String, Tensor>> function) {
        Path path = Path.of(name);
        functions.put(path, function);
        outputs.put(path, outputNames);
        return path;
    }

    /** Files a network that turns its only input into its only output. */
    Path file(String name, String input, String output, UnaryOperator<Tensor> function) {
        return file(
                name,
                List.of(output),
                inputs -> {
                    if (!inputs.keySet().equals(Set.of(input))) {
                        throw new IllegalArgumentException(name + " was fed " + inputs.keySet());
                    }
                    return Map.of(
                            output, function.apply(Objects.requireNonNull(inputs.get(input))));
                });
    }

    /** Leaves the shapes of a network's outputs open. */
    void leavesShapesOpen(Path network) {
        open.add(network);
    }

    void consistsOf(Path network, Path... others) {
        files.put(network, List.of(others));
    }

    void takes(Path network, long bytes) {
        memory.put(network, bytes);
    }

    /** The names of the inputs on which the memory of a network was measured. */
    Set<String> inputsWeighed(Path network) {
        return Objects.requireNonNull(weighedOn.get(network));
    }

    @Override
    public String name() {
        return "functions";
    }

    @Override
    public Model read(Path file) {
        List<ValueInfo> infos =
                Objects.requireNonNull(outputs.get(file)).stream()
                        .map(output -> ValueInfo.ofTensor(output, DataType.FLOAT32))
                        .map(info ->
                                open.contains(file)
                                        ? info.withType(new UnrankedTensor(DataType.FLOAT32))
                                        : info)
                        .toList();
        Graph graph = Graph.of(file.toString(), List.of(), List.of(), infos, Map.of());
        return new Model(graph, 8, Map.of("", 17L), Map.of(), Extras.NONE);
    }

    @Override
    public List<Path> files(Path file) {
        return files.getOrDefault(file, List.of());
    }

    @Override
    public Session open(Path file, EngineOptions wanted) {
        options.add(wanted);
        openSessions.incrementAndGet();
        return new FunctionSession(Objects.requireNonNull(functions.get(file)));
    }

    @Override
    public OptionalLong peakMemoryBytes(Path file, Sample sample) {
        weighedOn.put(file, sample.inputs().keySet());
        Long bytes = memory.get(file);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    @Override
    public Session open(Model model, Set<String> fetch, ModelFormat format, EngineOptions wanted) {
        throw new UnsupportedOperationException("networks are evaluated from their files");
    }

    @Override
    public void write(Model model, Path file) {
        throw new UnsupportedOperationException("nothing is written");
    }

    @Override
    public ByteBuffer serialize(Model model) {
        throw new UnsupportedOperationException("nothing is serialized");
    }

    @Override
    public long inlineLimitBytes() {
        return 0;
    }

    private final class FunctionSession implements Session {
        private final UnaryOperator<Map<String, Tensor>> function;

        FunctionSession(UnaryOperator<Map<String, Tensor>> function) {
            this.function = function;
        }

        @Override
        public Outputs run(Map<String, Tensor> inputs) {
            Map<String, Tensor> made = new LinkedHashMap<>(function.apply(inputs));
            return new Outputs() {
                @Override
                public Map<String, Tensor> tensors() {
                    return made;
                }

                @Override
                public void close() {
                    made.clear();
                }
            };
        }

        @Override
        public void close() {
            openSessions.decrementAndGet();
        }
    }
}
