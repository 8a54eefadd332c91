package dev.nibble.formats;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Networks and pictures that are too many for the repository; tests that want them are skipped
 * where they are absent.
 */
public final class SharedFiles {
    private SharedFiles() {}

    /** A folder or file among them. */
    public static Path get(String name) {
        Path root = root();
        assumeTrue(
                Files.exists(root.resolve(name)),
                "skipped: there is no "
                        + name
                        + " in "
                        + root
                        + "; name the folder with -Dnibble.shared or NIBBLE_SHARED");
        return root.resolve(name);
    }

    /** The ONNX files in some of the folders. */
    public static List<Path> models(String... folders) {
        return Stream.of(folders)
                .flatMap(folder -> list(get(folder)).stream())
                .filter(file -> file.toString().endsWith(".onnx"))
                .sorted()
                .toList();
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        return Optional.ofNullable(System.getProperty("nibble.shared"))
                .or(() -> Optional.ofNullable(System.getenv("NIBBLE_SHARED")))
                .map(Path::of)
                .orElseGet(() -> Path.of("").toAbsolutePath().resolve("../../shared").normalize());
    }
}
