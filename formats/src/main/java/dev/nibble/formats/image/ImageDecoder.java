package dev.nibble.formats.image;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.MemoryBudget;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * Makes pixels of JPEG, PNG, BMP and GIF files; may be used from several threads at once.
 *
 * <p>Everything becomes red, green and blue of 8 bits: transparency is dropped, of 16 bits the
 * higher 8 count, of an animation the first picture. The orientation that a camera wrote down is
 * not applied, as in Pillow's {@code open}.
 */
final class ImageDecoder {
    /**
     * Readers are costly to make and hold a decoder of their own: each is used by one thread at a
     * time.
     */
    private final Map<Format, Queue<ImageReader>> readers = new EnumMap<>(Format.class);

    /** The formats, by the first bytes of their files. */
    enum Format {
        JPEG("\u00FF\u00D8\u00FF"),
        PNG("\u0089PNG"),
        GIF("GIF8"),
        BMP("BM");

        private final String start;

        Format(String start) {
            this.start = start;
        }

        private static Format of(byte[] file) {
            String start =
                    new String(file, 0, Math.min(file.length, 8), StandardCharsets.ISO_8859_1);
            for (Format format : values()) {
                if (start.startsWith(format.start)) {
                    return format;
                }
            }
            throw new NibbleException(
                    file.length == 0
                            ? "the file is empty"
                            : "it is none of JPEG, PNG, BMP and GIF; convert it to one of these");
        }
    }

    private final long mostPixels;

    ImageDecoder() {
        this(Pixels.most());
    }

    /** A decoder that refuses pictures of more pixels. */
    ImageDecoder(long mostPixels) {
        this.mostPixels = mostPixels;
        for (Format format : Format.values()) {
            readers.put(format, new ConcurrentLinkedQueue<>());
        }
    }

    /**
     * Decodes a file.
     *
     * @throws NibbleException if it is not a picture or damaged; the message does not know the
     *     file's name
     */
    Pixels decode(byte[] file) {
        Format format = Format.of(file);
        Queue<ImageReader> idle = readers.getOrDefault(format, new ConcurrentLinkedQueue<>());
        ImageReader pooled = idle.poll();
        ImageReader reader = pooled == null ? newReader(format) : pooled;
        Pixels pixels;
        try (ByteArrayImageStream stream = new ByteArrayImageStream(file)) {
            FileTricks.refuse(format, file);
            reader.setInput(stream, false, true);
            checkSize(reader.getWidth(0), reader.getHeight(0));
            pixels = pixels(reader, format, file);
        } catch (NibbleException e) {
            reader.dispose();
            throw e;
        } catch (IOException | RuntimeException e) {
            // ImageIO reports damage by exceptions of all kinds
            reader.dispose();
            throw new NibbleException(
                    "the %s data is damaged (%s); replace the file"
                            .formatted(format, e.getMessage()),
                    e);
        }
        reader.reset();
        idle.add(reader);
        return pixels;
    }

    private static Pixels pixels(ImageReader reader, Format format, byte[] file)
            throws IOException {
        if (format == Format.JPEG) {
            JpegColors colors = JpegColors.of(file);
            if (!colors.complete()) {
                throw new NibbleException("the JPEG data is cut off; replace the file");
            }
            if (colors.components() == 4) {
                return colors.toRgb(reader.readRaster(0, null));
            }
        }
        BufferedImage image = reader.read(0);
        return RasterPixels.of(image);
    }

    private void checkSize(int width, int height) {
        if (width <= 0 || height <= 0) {
            throw new NibbleException(
                    "it says that it has %d×%d pixels; replace the file".formatted(width, height));
        }
        if ((long) width * height > mostPixels) {
            throw new NibbleException(
                    "it has %d×%d pixels, but at most %d million are decoded; make it smaller, or %s"
                            .formatted(
                                    width, height, mostPixels / 1_000_000, MemoryBudget.remedy()));
        }
    }

    private static ImageReader newReader(Format format) {
        Iterator<ImageReader> found = ImageIO.getImageReadersByFormatName(format.name());
        if (!found.hasNext()) {
            throw new NibbleException(
                    "this Java runtime cannot decode %s; run a complete JDK".formatted(format));
        }
        return found.next();
    }
}
