package dev.nibble.formats.onnx;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.MappedFile;
import dev.nibble.formats.onnx.proto.StringStringEntryProto;
import dev.nibble.formats.onnx.proto.TensorProto;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The tensor data of one model that lies in files beside it, mapped.
 *
 * <p>A model names those files, and models come from strangers: a name that leads out of the
 * model's folder, by an absolute path, by {@code ..} or through a link, is refused.
 */
final class ExternalData {
    /** Absolute paths, of Windows too. */
    private static final Pattern LEAVING = Pattern.compile("^([/\\\\]|[A-Za-z]:)");

    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");

    private final Path folder;
    private final Map<Path, MemorySegment> files = new HashMap<>();

    ExternalData(Path folder) {
        this.folder = folder;
    }

    /** The files that tensors so far had their data in, each once. */
    List<Path> files() {
        return files.keySet().stream().sorted().toList();
    }

    /** Whether any tensor so far had its data outside. */
    boolean used() {
        return !files.isEmpty();
    }

    /**
     * The data of a tensor.
     *
     * @param bytes how many bytes the tensor takes
     * @param what the tensor, for messages
     */
    MemorySegment of(TensorProto proto, long bytes, String what) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (StringStringEntryProto entry : proto.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        String location = entries.getOrDefault("location", "");
        long offset = number(entries, "offset", 0, what);
        long length = number(entries, "length", bytes, what);
        if (length != bytes) {
            throw new NibbleException(
                    "%s takes %d bytes, but its external data is said to have %d; export the model again"
                            .formatted(what, bytes, length));
        }
        MemorySegment file = files.computeIfAbsent(resolve(location, what), MappedFile::map);
        if (offset > file.byteSize() || length > file.byteSize() - offset) {
            throw new NibbleException(
                    "%s has its data at bytes %d to %s of %s, which has only %d; fetch the whole data file again"
                            .formatted(
                                    what,
                                    offset,
                                    Long.toUnsignedString(offset + length),
                                    location,
                                    file.byteSize()));
        }
        return file.asSlice(offset, length);
    }

    private static long number(
            Map<String, String> entries, String key, long otherwise, String what) {
        String text = entries.get(key);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException _) {
            // the same message as for a negative number
        }
        throw new NibbleException(
                "%s has external data with %s \"%s\", which is not a number of bytes; export the model again"
                        .formatted(what, key, text));
    }

    private Path resolve(String location, String what) {
        if (location.isEmpty()) {
            throw new NibbleException(
                    "%s has external data without a location; export the model again"
                            .formatted(what));
        }
        boolean leaves =
                LEAVING.matcher(location).find()
                        || List.of(SEPARATOR.split(location, -1)).contains("..");
        if (leaves || location.indexOf('\0') >= 0) {
            throw outside(location, what);
        }
        Path file = folder.resolve(location).normalize();
        try {
            if (Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath())) {
                throw outside(location, what);
            }
        } catch (IOException e) {
            throw new NibbleException(
                    "%s has its data in %s, which cannot be resolved".formatted(what, file), e);
        }
        if (!Files.exists(file)) {
            throw new NibbleException(
                    "%s has its data in %s, which does not exist; put the data file beside the model"
                            .formatted(what, file));
        }
        return file;
    }

    private NibbleException outside(String location, String what) {
        return new NibbleException(
                "%s has its data in \"%s\", which leads out of the model's folder %s; copy that file into the folder and name"
                                .formatted(what, location, folder)
                        + " it by a relative path if you trust it");
    }
}
