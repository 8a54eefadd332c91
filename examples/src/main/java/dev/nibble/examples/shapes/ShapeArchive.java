package dev.nibble.examples.shapes;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A zip of pictures, with a folder for each class.
 *
 * <p>The same pictures give the same bytes: the order of the entries and their time are fixed, and
 * the entries are stored as they are, since PNG is packed already.
 */
public final class ShapeArchive implements AutoCloseable {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    private final ZipOutputStream zip;

    public ShapeArchive(OutputStream target) {
        zip = new ZipOutputStream(target);
        zip.setMethod(ZipOutputStream.STORED);
    }

    /** The name of a picture in the archive, as in {@code evaluate/heart/0005.png}. */
    public static String entryName(String folder, ShapeImages images, int index) {
        return "%s/%s/%04d.png".formatted(folder, images.glyph(index).label(), index);
    }

    /** Adds the pictures 0 to {@code count} (exclusive), class by class, below a folder. */
    public void add(String folder, ShapeImages images, int count) throws IOException {
        for (Glyph glyph : Glyph.values()) {
            for (int index = 0; index < count; index++) {
                if (images.glyph(index) == glyph) {
                    store(entryName(folder, images, index), png(images.image(index)));
                }
            }
        }
    }

    private void store(String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", stream)) {
                throw new IOException("this Java installation cannot write PNG");
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
