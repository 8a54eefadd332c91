package dev.nibble.tensor;

import dev.nibble.error.NibbleException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory for tensors that are made together: on the heap as long as they are small beside it, else
 * in files without a name in the temporary folder, mapped, so that the system may write them out
 * and take the memory back. A file is gone when nothing refers to a tensor in it, or the process
 * ends, however it does.
 *
 * <p>Not for use by several threads at once.
 */
public final class Scratch {
    /** A share of the heap that results of one step may take. */
    private static final double HEAP_SHARE = 1 / 8.0;

    /** What fits a file of this size shares one. */
    private static final long FILE_BYTES = 64L << 20;

    /** Smaller tensors are not worth a place in a file. */
    private static final long SMALL_BYTES = 1 << 14;

    /** The longest array that every Java machine grants. */
    private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final boolean mapped;
    private MemorySegment left = MemorySegment.NULL;

    private Scratch(boolean mapped) {
        this.mapped = mapped;
    }

    /**
     * Memory for tensors that together take about so many bytes.
     *
     * @param bytes what decides between heap and files
     */
    public static Scratch forTotal(long bytes) {
        return new Scratch(bytes > HEAP_SHARE * Runtime.getRuntime().maxMemory());
    }

    /** Memory in files, whatever the size. */
    public static Scratch mapped() {
        return new Scratch(true);
    }

    /**
     * Zeroed memory.
     *
     * @throws NibbleException if the temporary folder has no room for it
     */
    public MemorySegment allocate(long bytes) {
        if (bytes < SMALL_BYTES || (!mapped && bytes <= LONGEST_ARRAY)) {
            return MemorySegment.ofArray(new byte[(int) bytes]);
        }
        if (left.byteSize() < bytes) {
            left = map(Math.max(bytes, FILE_BYTES));
        }
        MemorySegment allocated = left.asSlice(0, bytes);
        long taken = Math.min(left.byteSize(), Math.ceilDiv(bytes, Long.BYTES) * Long.BYTES);
        left = left.asSlice(taken);
        return allocated;
    }

    private static MemorySegment map(long bytes) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir", "."));
        try {
            // what is mapped beyond the end of a disk ends the process when it is written to
            long room = Files.getFileStore(folder).getUsableSpace();
            if (room < bytes + FILE_BYTES) {
                throw new NibbleException(
                        "the temporary folder %s has only %d MB left, but %d are needed for tensors that do not fit the heap; make room, name another folder (-Djava.io.tmpdir) or give Java more memory (-Xmx)"
                                .formatted(folder, room >> 20, (bytes + FILE_BYTES) >> 20));
            }
            Path file = Files.createTempFile(folder, "nibble", ".scratch");
            try (FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE)) {
                return channel.map(MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
            }
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot keep tensors that do not fit the heap in the temporary folder %s: %s; make room or name another folder (-Djava.io.tmpdir)"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }
}
