package dev.nibble.formats.json;

import dev.nibble.formats.TextFile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/** Plain data in a JSON file, as {@link JsonText} writes it. */
public final class JsonFile {
    private JsonFile() {}

    /**
     * Writes or replaces a file, as a whole or not at all.
     *
     * @throws dev.nibble.error.NibbleException if that fails; the message names the file
     */
    public static void write(@Nullable Object data, Path file) {
        TextFile.write(file, JsonText.of(data) + "\n");
    }
}
