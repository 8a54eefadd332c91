package dev.nibble.formats.npy;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.AtomicFile;
import dev.nibble.formats.FileErrors;
import dev.nibble.formats.MemoryBudget;
import dev.nibble.tensor.Tensor;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** {@code .npz}: named arrays in a zip, compressed or not. */
public final class NpzFile {
    private static final String SUFFIX = ".npy";
    private static final int CHUNK_BYTES = 1 << 16;

    /** No deflated byte stands for more than 1032. */
    private static final long MOST_FOLD = 1040;

    /** The earliest time that a zip can hold, so that the same arrays give the same bytes. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private NpzFile() {}

    /**
     * Reads all arrays, by name in alphabetical order, into native memory.
     *
     * @throws NibbleException if the file is not a zip of arrays, is damaged or unpacks to more
     *     than twice the heap or 8 GB
     */
    public static Map<String, Tensor> read(Path file) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<ZipEntry> entries =
                    new ArrayList<>(
                            zip.stream()
                                    .filter(entry -> entry.getName().endsWith(SUFFIX))
                                    .toList());
            entries.sort(Comparator.comparing(ZipEntry::getName));
            long left = NpyData.mostCopied();
            for (ZipEntry entry : entries) {
                String name =
                        entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
                Tensor array = read(zip, entry, left, file);
                left -= array.data().byteSize();
                if (arrays.put(name, array) != null) {
                    throw new NibbleException(
                            "%s holds two arrays called \"%s\"; make it again with numpy.savez"
                                    .formatted(file, name));
                }
            }
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot read %s: %s".formatted(file, FileErrors.reading(e)), e);
        }
        if (arrays.isEmpty()) {
            throw new NibbleException(
                    "%s holds no .npy arrays; make it with numpy.savez".formatted(file));
        }
        return arrays;
    }

    private static Tensor read(ZipFile zip, ZipEntry entry, long left, Path file)
            throws IOException {
        try (InputStream in = new BufferedInputStream(zip.getInputStream(entry), CHUNK_BYTES)) {
            NpyHeader header = NpyHeader.read(in);
            if (header.dataBytes() > left) {
                throw new NibbleException(
                        "with it the file unpacks to more than %d MB; save it as .npy, or %s"
                                .formatted(NpyData.mostCopied() >> 20, MemoryBudget.remedy()));
            }
            // what the entry says about its size may be a lie, the file's own size is not
            long possible =
                    Math.min(entry.getSize() - header.headerBytes(), MOST_FOLD * Files.size(file));
            if (possible < header.dataBytes()) {
                throw new NibbleException("it is cut off; save it again");
            }
            return NpyData.tensor(header, unpack(in, header.dataBytes()));
        } catch (NibbleException e) {
            throw new NibbleException(
                    "cannot read %s!%s: %s".formatted(file, entry.getName(), e.getMessage()), e);
        }
    }

    private static MemorySegment unpack(InputStream in, long bytes) throws IOException {
        MemorySegment data = Arena.ofAuto().allocate(bytes);
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long at = 0; at < bytes; ) {
            int read = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, bytes - at));
            if (read == 0) {
                throw new NibbleException("it is cut off; save it again");
            }
            MemorySegment.copy(chunk, 0, data, ValueLayout.JAVA_BYTE, at, read);
            at += read;
        }
        return data;
    }

    /**
     * Writes named arrays, compressed, replacing the file as a whole.
     *
     * @throws IllegalArgumentException if NumPy has no such element type
     */
    public static void write(Map<String, Tensor> arrays, Path file) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        arrays.forEach((name, tensor) ->
                headers.put(name, NpyHeader.write(tensor.type(), tensor.shape())));
        AtomicFile.write(
                file,
                channel -> {
                    ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel));
                    for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
                        ZipEntry entry = new ZipEntry(array.getKey() + SUFFIX);
                        entry.setTimeLocal(NO_TIME);
                        zip.putNextEntry(entry);
                        NpyFile.write(
                                headers.getOrDefault(array.getKey(), new byte[0]),
                                array.getValue(),
                                zip);
                        zip.closeEntry();
                    }
                    zip.finish();
                });
    }
}
