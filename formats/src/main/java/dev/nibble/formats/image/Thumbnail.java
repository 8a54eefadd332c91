package dev.nibble.formats.image;

import dev.nibble.error.NibbleException;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures made small enough to be shown by the dozen. */
public final class Thumbnail {
    private static final int SIDE = 144;

    private Thumbnail() {}

    /**
     * A picture as the address of itself: {@code data:image/jpeg;base64,…}, at most 144 pixels wide
     * and high.
     *
     * @param file the bytes of a JPEG, PNG, BMP or GIF file
     * @throws NibbleException if it is none, or damaged
     */
    public static String dataUri(byte[] file) {
        Pixels pixels = new ImageDecoder().decode(file);
        double shrink = Math.min(1, (double) SIDE / Math.max(pixels.width(), pixels.height()));
        Pixels small =
                Resampler.resize(
                        pixels,
                        Math.max(1, (int) Math.round(pixels.width() * shrink)),
                        Math.max(1, (int) Math.round(pixels.height() * shrink)));
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(small));
    }

    private static byte[] jpeg(Pixels pixels) {
        BufferedImage image =
                new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
        byte[] data = pixels.data();
        for (int i = 0; i < pixels.width() * pixels.height(); i++) {
            int rgb =
                    (data[3 * i] & 0xFF) << 16
                            | (data[3 * i + 1] & 0xFF) << 8
                            | (data[3 * i + 2] & 0xFF);
            image.setRGB(i % pixels.width(), i / pixels.width(), rgb);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "jpeg", out)) {
                throw new IllegalStateException("every Java writes JPEG");
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail to be written", e);
        }
        return bytes.toByteArray();
    }
}
