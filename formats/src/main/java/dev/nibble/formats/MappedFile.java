package dev.nibble.formats;

import dev.nibble.error.NibbleException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files seen as memory: nothing is read before it is looked at, nothing is copied to the heap. */
public final class MappedFile {
    private MappedFile() {}

    /**
     * The content of a file, valid as long as anything refers to it.
     *
     * @throws NibbleException if the file is missing, is not a plain file or cannot be read
     */
    public static MemorySegment map(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new NibbleException(
                    "cannot read %s: it is %s; name a file".formatted(file, FileErrors.kind(file)));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot read %s: %s".formatted(file, FileErrors.reading(e)), e);
        }
    }
}
