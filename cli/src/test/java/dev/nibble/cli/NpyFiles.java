package dev.nibble.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** NumPy arrays of zeros. */
final class NpyFiles {
    private NpyFiles() {}

    /** Writes a float32 array in format version 1.0. */
    static Path write(Path file, long... shape) throws IOException {
        String dims =
                Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }".formatted(dims);
        String padded = header + " ".repeat(63 - (header.length() + 10) % 64) + "\n";
        int bytes = Math.toIntExact(4 * Arrays.stream(shape).reduce(1, Math::multiplyExact));
        ByteBuffer content =
                ByteBuffer.allocate(10 + padded.length() + bytes).order(ByteOrder.LITTLE_ENDIAN);
        content.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        content.putShort((short) padded.length()).put(padded.getBytes(StandardCharsets.US_ASCII));
        return Files.write(file, content.array());
    }
}
