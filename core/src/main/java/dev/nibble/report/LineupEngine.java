package dev.nibble.report;

import dev.nibble.engine.Engine;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Session;
import dev.nibble.graph.Model;
import dev.nibble.tensor.Tensor;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Runs the networks of a {@link Lineup} from their files, just as they are, and feeds each its own
 * inputs.
 *
 * @param engine what runs them
 * @param entries the networks of the lineup
 */
record LineupEngine(Engine engine, List<Entry> entries) implements Engine {
    LineupEngine {
        entries = List.copyOf(entries);
    }

    /**
     * A network of the lineup.
     *
     * @param model what was read from the file
     * @param prefix what its inputs have in front of their names in a sample of the lineup
     */
    record Entry(Path file, Model model, String prefix) {}

    @Override
    public String name() {
        return engine.name();
    }

    /** Opens the file that the model was read from; only its outputs can be fetched. */
    @Override
    public Session open(Model model, Set<String> fetch, ModelFormat format, EngineOptions options) {
        Entry entry =
                entries.stream()
                        .filter(one -> one.model().equals(model))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("the model is not in the lineup"));
        if (!fetch.isEmpty()) {
            throw new IllegalArgumentException(
                    "only outputs can be fetched from a file, not " + fetch);
        }
        return open(entry, options);
    }

    Session open(Entry entry, EngineOptions options) {
        return new OwnInputs(engine.open(entry.file(), options), entry.prefix());
    }

    @Override
    public Session open(Path file, EngineOptions options) {
        return engine.open(file, options);
    }

    @Override
    public OptionalLong peakMemoryBytes(Path file, Sample sample) {
        return engine.peakMemoryBytes(file, sample);
    }

    /** The inputs of a network among those of a sample of the lineup, under their own names. */
    static Map<String, Tensor> own(Map<String, Tensor> inputs, String prefix) {
        Map<String, Tensor> own = new HashMap<>();
        inputs.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                own.put(name.substring(prefix.length()), tensor);
            }
        });
        return own;
    }

    private record OwnInputs(Session session, String prefix) implements Session {
        @Override
        public Outputs run(Map<String, Tensor> inputs) {
            return session.run(own(inputs, prefix));
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
