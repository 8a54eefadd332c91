package dev.nibble.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Networks and photos that are too large for the repository; tests that want them are skipped
 * without.
 */
final class SharedFiles {
    private SharedFiles() {}

    /** A folder or file among them. */
    static Path get(String name) {
        Path root =
                Optional.ofNullable(System.getProperty("nibble.shared"))
                        .or(() -> Optional.ofNullable(System.getenv("NIBBLE_SHARED")))
                        .map(Path::of)
                        .orElseGet(() ->
                                Path.of("").toAbsolutePath().resolve("../../shared").normalize());
        assumeTrue(
                Files.exists(root.resolve(name)),
                "skipped: there is no %s in %s; name the folder with -Dnibble.shared or NIBBLE_SHARED"
                        .formatted(name, root));
        return root.resolve(name);
    }
}
