package dev.nibble.cli;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.AtomicFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks, before any work is done, whether its result can be written down. */
final class OutputFiles {
    private OutputFiles() {}

    /**
     * Refuses a file that could not be written or must not be replaced.
     *
     * @param force whether a file that exists may be replaced
     * @param taken files that the same command reads or writes, which this one must not be
     * @throws NibbleException naming the file and what to do
     */
    static void check(Path file, boolean force, Path... taken) {
        Path target = AtomicFile.target(file);
        for (Path other : taken) {
            if (isSame(target, other)) {
                throw new NibbleException(
                        "cannot write %s: the command itself needs that file; choose another name"
                                .formatted(file));
            }
        }
        if (Files.exists(target) && !force) {
            throw new NibbleException(
                    file + " exists; choose another name, or replace it with --force");
        }
        checkFolder(file, AtomicFile.folderOf(target));
    }

    private static void checkFolder(Path file, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new NibbleException(
                    "cannot write %s: there is no folder %s; create it first"
                            .formatted(file, folder));
        }
        if (!Files.isWritable(folder)) {
            throw new NibbleException(
                    "cannot write %s: permission denied; check who may write to %s"
                            .formatted(file, folder));
        }
    }

    private static boolean isSame(Path file, Path other) {
        try {
            if (Files.exists(file) && Files.exists(other)) {
                return Files.isSameFile(file, other);
            }
            return file.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot tell whether %s and %s are the same file: %s"
                            .formatted(file, other, e.getMessage()),
                    e);
        }
    }
}
