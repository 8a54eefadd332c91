package dev.nibble;

import dev.nibble.error.NibbleException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What tells files apart. */
public final class FileHash {
    private static final int CHUNK = 1 << 16;

    private FileHash() {}

    /**
     * SHA-256 of the bytes of files, one after the other, in hexadecimal; of a single file what
     * {@code sha256sum} prints.
     *
     * @throws NibbleException if one cannot be read
     */
    public static String sha256(List<Path> files) {
        MessageDigest digest = digest();
        byte[] chunk = new byte[CHUNK];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    digest.update(chunk, 0, n);
                }
            } catch (IOException e) {
                throw new NibbleException(
                        "cannot read %s any more: %s; was it moved while the network was made?"
                                .formatted(file, e.getMessage()),
                        e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
