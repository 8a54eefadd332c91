package dev.nibble.formats;

import dev.nibble.error.NibbleException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that people write, and programs make for them: recipes, plans, labels. */
public final class TextFile {
    private static final int MOST_BYTES = 64 << 20;

    /** What is made of a text takes many times its size. */
    private static final double HEAP_SHARE = 1 / 64.0;

    private TextFile() {}

    /**
     * The text of a file in UTF-8.
     *
     * @throws java.nio.charset.CharacterCodingException if it is none
     * @throws NibbleException if it is too large to be one
     */
    public static String read(Path file) throws IOException {
        int most = (int) MemoryBudget.ofHeap(HEAP_SHARE, MOST_BYTES);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(most + 1);
            if (content.length > most) {
                throw new NibbleException(
                        "cannot read %s: it has more than %d MB; shorten it, or %s"
                                .formatted(file, most >> 20, MemoryBudget.remedy()));
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        }
    }

    /**
     * Writes or replaces a file, as a whole or not at all.
     *
     * @throws NibbleException if that fails; the message names the file
     */
    public static void write(Path file, String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(
                file,
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }
}
