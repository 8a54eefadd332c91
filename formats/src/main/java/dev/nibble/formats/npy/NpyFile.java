package dev.nibble.formats.npy;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.AtomicFile;
import dev.nibble.formats.FileErrors;
import dev.nibble.formats.MappedFile;
import dev.nibble.formats.SegmentBytes;
import dev.nibble.tensor.Tensor;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code .npy}: one array of floats, integers or booleans. */
public final class NpyFile {
    private NpyFile() {}

    /**
     * Reads an array; one that is stored as tensors are is mapped, not copied.
     *
     * @throws NibbleException if the file is not an array, is cut off or cannot be read
     */
    public static Tensor read(Path file) {
        MemorySegment content = MappedFile.map(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, content);
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot read %s: %s".formatted(file, FileErrors.reading(e)), e);
        } catch (NibbleException e) {
            throw new NibbleException("cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /**
     * The array in the content of a file, whose name messages do not know.
     *
     * @param in the same content
     */
    static Tensor read(InputStream in, MemorySegment content) throws IOException {
        NpyHeader header = NpyHeader.read(in);
        long left = content.byteSize() - header.headerBytes();
        if (left < header.dataBytes()) {
            throw new NibbleException(
                    "it is cut off: an array %s %s takes %d bytes, %d are there; copy it again"
                            .formatted(header.type(), header.shape(), header.dataBytes(), left));
        }
        return NpyData.tensor(header, content.asSlice(header.headerBytes(), header.dataBytes()));
    }

    /**
     * Writes an array, replacing the file as a whole.
     *
     * @throws IllegalArgumentException if NumPy has no such element type
     */
    public static void write(Tensor tensor, Path file) {
        byte[] header = NpyHeader.write(tensor.type(), tensor.shape());
        AtomicFile.write(file, channel -> write(header, tensor, Channels.newOutputStream(channel)));
    }

    static void write(byte[] header, Tensor tensor, OutputStream out) throws IOException {
        out.write(header);
        SegmentBytes.pour(tensor.data(), (chunk, length) -> out.write(chunk, 0, length));
    }
}
