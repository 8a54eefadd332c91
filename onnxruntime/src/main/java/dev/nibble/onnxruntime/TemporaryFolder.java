package dev.nibble.onnxruntime;

import dev.nibble.error.NibbleException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Folders of ours below the system's temporary one; made when needed, deleted on {@link #close}.
 */
final class TemporaryFolder implements AutoCloseable {
    private final List<Path> made = new ArrayList<>();

    /** A new, empty folder. */
    Path make() {
        try {
            Path folder = Files.createTempDirectory("nibble-");
            made.add(folder);
            return folder;
        } catch (IOException cause) {
            throw new NibbleException(
                    "cannot make a temporary folder in "
                            + System.getProperty("java.io.tmpdir")
                            + ": "
                            + cause.getMessage()
                            + "; free some room there, or name another place with"
                            + " -Djava.io.tmpdir=FOLDER",
                    cause);
        }
    }

    @Override
    public void close() {
        made.forEach(TemporaryFolder::delete);
        made.clear();
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException cause) {
            throw new NibbleException(
                    "cannot delete the temporary folder "
                            + folder
                            + ": "
                            + cause.getMessage()
                            + "; delete it by hand",
                    cause);
        }
    }
}
