package dev.nibble.formats.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.error.NibbleException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What every reader promises for input of any kind: a result, or one clear, short message. */
public final class Expect {
    private static final int LONGEST_MESSAGE = 10_000;
    private static final long LONGEST_SECONDS = 5;

    /** Only then time is looked at: a build may run on a busy machine. */
    private static final boolean FUZZING =
            Boolean.parseBoolean(System.getenv().getOrDefault("JAZZER_FUZZ", "false"));

    private Expect() {}

    /** Something that reads. */
    @FunctionalInterface
    public interface Reading<T> {
        T run() throws IOException;
    }

    /** What is read; nothing if reading ends with a {@link NibbleException} that says something. */
    public static <T> Optional<T> resultOrMessage(Reading<T> reading) {
        long start = System.nanoTime();
        try {
            return Optional.of(reading.run());
        } catch (NibbleException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(LONGEST_MESSAGE);
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            long seconds = (System.nanoTime() - start) / 1_000_000_000;
            assertThat(FUZZING && seconds > LONGEST_SECONDS).as("took %d s", seconds).isFalse();
        }
    }

    /** An empty folder in memory where the system has such, for readers that want a path. */
    public static Path folder() {
        try {
            Path memory = Path.of("/dev/shm");
            Path folder =
                    Files.isWritable(memory)
                            ? Files.createTempDirectory(memory, "nibble-fuzz")
                            : Files.createTempDirectory("nibble-fuzz");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> inside = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : inside) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
