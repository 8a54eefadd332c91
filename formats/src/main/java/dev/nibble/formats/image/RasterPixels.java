package dev.nibble.formats.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Red, green and blue of what ImageIO decoded, straight from the stored numbers: Java's own
 * conversion is slow and takes grey for linear light.
 */
final class RasterPixels {
    private RasterPixels() {}

    static Pixels of(BufferedImage image) {
        Raster raster = image.getRaster();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return indexed(raster, palette);
        }
        if (raster.getDataBuffer() instanceof DataBufferByte buffer
                && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getParent() == null) {
            return interleaved(image, buffer, model);
        }
        return general(raster);
    }

    private static Pixels interleaved(
            BufferedImage image, DataBufferByte buffer, PixelInterleavedSampleModel model) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] offsets = model.getBandOffsets();
        int last = offsets.length < 3 ? 0 : 2;
        byte[] stored = buffer.getData();
        byte[] rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++) {
            int row = buffer.getOffset() + y * model.getScanlineStride();
            copyRow(
                    stored,
                    row + offsets[0],
                    row + offsets[last / 2],
                    row + offsets[last],
                    model.getPixelStride(),
                    rgb,
                    y * width * 3,
                    width);
        }
        return new Pixels(width, height, 3, rgb);
    }

    private static void copyRow(
            byte[] stored,
            int red,
            int green,
            int blue,
            int stride,
            byte[] rgb,
            int to,
            int width) {
        for (int x = 0; x < width; x++) {
            rgb[to + 3 * x] = stored[red + x * stride];
            rgb[to + 3 * x + 1] = stored[green + x * stride];
            rgb[to + 3 * x + 2] = stored[blue + x * stride];
        }
    }

    private static Pixels indexed(Raster raster, IndexColorModel palette) {
        int[] colors = new int[palette.getMapSize()];
        palette.getRGBs(colors);
        int width = raster.getWidth();
        byte[] rgb = new byte[width * raster.getHeight() * 3];
        int[] row = new int[width];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int index : row) {
                int color = colors[index];
                rgb[at++] = (byte) (color >> 16);
                rgb[at++] = (byte) (color >> 8);
                rgb[at++] = (byte) color;
            }
        }
        return new Pixels(width, raster.getHeight(), 3, rgb);
    }

    /**
     * Samples of any width and order; with fewer than three bands the first is brightness, the
     * other transparency.
     */
    private static Pixels general(Raster raster) {
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        byte[] rgb = new byte[width * raster.getHeight() * 3];
        int[] row = new int[width];
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int c = 0; c < 3; c++) {
                int band = bands < 3 ? 0 : c;
                raster.getSamples(0, y, width, 1, band, row);
                int bits = raster.getSampleModel().getSampleSize(band);
                for (int x = 0; x < width; x++) {
                    rgb[(y * width + x) * 3 + c] = to8Bits(row[x], bits);
                }
            }
        }
        return new Pixels(width, raster.getHeight(), 3, rgb);
    }

    private static byte to8Bits(int sample, int bits) {
        return bits >= 8
                ? (byte) (sample >>> (bits - 8))
                : (byte) (sample * 255 / ((1 << bits) - 1));
    }
}
