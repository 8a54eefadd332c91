package dev.nibble.examples.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

class ShapeArchiveTest {
    private static final ShapeImages IMAGES = ShapeImages.ofSeed(1);

    @Test
    void packsOneFolderPerClassInOrder() throws IOException {
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(zip(20)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        assertThat(names).hasSize(20).isSorted();
        assertThat(names)
                .startsWith("some/arrow/0000.png", "some/arrow/0010.png", "some/bolt/0001.png");
    }

    @Test
    void theSamePicturesGiveTheSameBytes() throws IOException {
        assertThat(zip(10)).isEqualTo(zip(10));
    }

    private static byte[] zip(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShapeArchive archive = new ShapeArchive(bytes)) {
            archive.add("some", IMAGES, count);
        }
        return bytes.toByteArray();
    }
}
