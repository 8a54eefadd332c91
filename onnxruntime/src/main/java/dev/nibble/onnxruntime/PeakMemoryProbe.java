package dev.nibble.onnxruntime;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Session;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The main class of the process that loads one network, runs it a few times and writes down its own
 * peak memory.
 *
 * <p>Arguments: the file for the answer, the network, then for each input its name, element type,
 * extents and file.
 */
final class PeakMemoryProbe {
    /** The answer where the operating system does not tell. */
    static final String UNKNOWN = "unknown";

    private static final int RUNS = 5;
    private static final int FIRST_INPUT = 2;
    private static final int WORDS_PER_INPUT = 4;
    private static final Path STATUS = Path.of("/proc/self/status");

    private PeakMemoryProbe() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, Tensor> inputs = new HashMap<>();
        for (int at = FIRST_INPUT; at < arguments.length; at += WORDS_PER_INPUT) {
            DataType type = DataType.valueOf(arguments[at + 1]);
            inputs.put(
                    arguments[at], map(type, shape(arguments[at + 2]), Path.of(arguments[at + 3])));
        }
        try (Session session =
                new OnnxRuntimeEngine().open(Path.of(arguments[1]), EngineOptions.SINGLE_THREAD)) {
            for (int run = 0; run < RUNS; run++) {
                session.run(inputs).close();
            }
        }
        Files.writeString(Path.of(arguments[0]), peak());
    }

    private static Shape shape(String extents) {
        return Shape.of(
                Stream.of(extents.split(","))
                        .filter(extent -> !extent.isEmpty())
                        .mapToLong(Long::parseLong)
                        .toArray());
    }

    private static Tensor map(DataType type, Shape shape, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return new Tensor(
                    type,
                    shape,
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global()));
        }
    }

    /** Linux counts the most memory that a process ever had as VmHWM, in units of 1024 bytes. */
    private static String peak() throws IOException {
        if (!Files.exists(STATUS)) {
            return UNKNOWN;
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> Arrays.asList(line.split("\\s+")).get(1))
                .map(kibibytes -> Long.toString(Long.parseLong(kibibytes) * 1024))
                .findFirst()
                .orElse(UNKNOWN);
    }
}
