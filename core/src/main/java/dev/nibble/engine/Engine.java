package dev.nibble.engine;

import dev.nibble.graph.Model;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What runs networks: an inference runtime behind a port. Found through {@link
 * java.util.ServiceLoader}.
 */
public interface Engine {
    /** Name and version, for reports, as in {@code ONNX Runtime 1.29.0}. */
    String name();

    /**
     * Loads a network that is in memory.
     *
     * @param format writes the network down in the form that the engine reads
     * @param fetch the values to bring back, inner ones included; empty for the outputs of the
     *     network
     */
    Session open(Model model, Set<String> fetch, ModelFormat format, EngineOptions options);

    /** Loads a network file as it is and fetches its outputs. */
    Session open(Path file, EngineOptions options);

    /**
     * The peak resident memory of a process of its own that loads a network file and runs it on one
     * sample a few times.
     *
     * @return bytes, as the operating system counts them, the process around the engine included;
     *     empty on an operating system that does not tell
     */
    OptionalLong peakMemoryBytes(Path file, Sample sample);

    /**
     * How long each kernel of a network takes, with one thread.
     *
     * @param format writes the network down in the form that the engine reads
     * @param runs how many are counted, after a few that are not
     * @return in order of execution; empty for an engine that does not tell
     */
    default List<KernelTime> kernelTimes(Model model, ModelFormat format, Sample sample, int runs) {
        return List.of();
    }
}
