package dev.nibble.formats.npy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.data.DataSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Arrays made to do harm. */
class HostileArrayTest {
    @TempDir private Path folder;

    @Test
    void aHundredThousandAxes() throws IOException {
        refused(array("<f4", "1,".repeat(100_000), 4), "more than 64 axes");
    }

    @Test
    void extentsWhoseProductOverflowsBesideAZero() throws IOException {
        refused(array("<f4", "0,4611686018427387904,4", 0), "no array can have");
    }

    @Test
    void twoBillionSamplesOfNothing() throws IOException {
        Path file = Files.write(folder.resolve("bad.npy"), array("<f4", "2000000000,0", 0));
        assertThatThrownBy(() -> DataSet.open(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("holds 2000000000 samples, at most 4000000");
    }

    @Test
    void aZipThatClaimsToUnpackToGigabytes() throws IOException {
        byte[] lies = zip(array("<f4", "500000000", 16), "x.npy");
        // the size in the central directory, which is 24 bytes into its entry
        int entry = last(lies, new byte[] {'P', 'K', 1, 2});
        for (int i = 0; i < 4; i++) {
            lies[entry + 24 + i] = (byte) (i == 3 ? 0x7F : 0xFF);
        }
        Path file = Files.write(folder.resolve("bad.npz"), lies);
        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(file + "!x.npy")
                .hasMessageContaining("cut off");
    }

    private void refused(byte[] content, String part) throws IOException {
        Path file = Files.write(folder.resolve("bad.npy"), content);
        assertThatThrownBy(() -> NpyFile.read(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(part);
    }

    private static int last(byte[] content, byte[] start) {
        return new String(content, StandardCharsets.ISO_8859_1)
                .lastIndexOf(new String(start, StandardCharsets.ISO_8859_1));
    }

    private static byte[] zip(byte[] array, String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(array);
        }
        return out.toByteArray();
    }

    private static byte[] array(String type, String shape, int bytes) {
        byte[] header =
                "{'descr': '%s', 'fortran_order': True, 'shape': (%s)}"
                        .formatted(type, shape)
                        .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0});
        for (int i = 0; i < 4; i++) {
            out.write(header.length >>> (8 * i));
        }
        out.writeBytes(header);
        out.writeBytes(new byte[bytes]);
        return out.toByteArray();
    }
}
