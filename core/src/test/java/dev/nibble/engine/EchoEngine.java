package dev.nibble.engine;

import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.tensor.Tensor;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine whose networks bring back what they are fed; it counts what is open. */
final class EchoEngine implements Engine {
    static final Model MODEL =
            new Model(
                    Graph.of("echo", List.of(), List.of(), List.of(), Map.of()),
                    8,
                    Map.of("", 17L),
                    Map.of(),
                    Extras.NONE);

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger openSessions = new AtomicInteger();
    final AtomicInteger openOutputs = new AtomicInteger();
    final List<EngineOptions> options = Collections.synchronizedList(new ArrayList<>());

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public Session open(Model model, Set<String> fetch, ModelFormat format, EngineOptions wanted) {
        opened.incrementAndGet();
        openSessions.incrementAndGet();
        options.add(wanted);
        return new EchoSession();
    }

    @Override
    public Session open(Path file, EngineOptions wanted) {
        throw new UnsupportedOperationException("the echo has no file");
    }

    @Override
    public OptionalLong peakMemoryBytes(Path file, Sample sample) {
        return OptionalLong.empty();
    }

    private final class EchoSession implements Session {
        @Override
        public Outputs run(Map<String, Tensor> inputs) {
            openOutputs.incrementAndGet();
            return new Outputs() {
                @Override
                public Map<String, Tensor> tensors() {
                    return inputs;
                }

                @Override
                public void close() {
                    openOutputs.decrementAndGet();
                }
            };
        }

        @Override
        public void close() {
            openSessions.decrementAndGet();
        }
    }

    /** A format for an engine that reads none. */
    static final class NoFormat implements ModelFormat {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public Model read(Path file) {
            throw new UnsupportedOperationException("nothing is read");
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
    }
}
