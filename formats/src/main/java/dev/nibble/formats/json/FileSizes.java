package dev.nibble.formats.json;

import dev.nibble.engine.ModelFormat;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.FileErrors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How large networks are on disk. */
public final class FileSizes {
    private FileSizes() {}

    /**
     * Bytes of a network's file and of those beside it that hold tensors for it.
     *
     * @throws NibbleException if a file cannot be looked at
     */
    public static long bytes(ModelFormat format, Path model) {
        long bytes = 0;
        for (Path file : format.files(model)) {
            try {
                bytes += Files.size(file);
            } catch (IOException e) {
                throw new NibbleException(
                        "cannot read the size of %s: %s".formatted(file, FileErrors.reading(e)), e);
            }
        }
        return bytes;
    }
}
