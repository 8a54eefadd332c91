package dev.nibble.formats.image;

import java.awt.image.Raster;

/**
 * What the markers of a JPEG file say and Java's decoder does not tell: among it how the four inks
 * of printing are stored.
 *
 * @param components how many numbers a pixel has: 1, 3 or 4
 * @param adobe whether Adobe's marker is there, which means that ink values are stored as 255 − ink
 * @param luminance whether the first three are luminance and chrominance (Adobe's transform 2)
 * @param complete whether the picture has an end: Java's decoder fills what is missing with grey
 */
record JpegColors(int components, boolean adobe, boolean luminance, boolean complete) {
    private static final int APP14 = 0xEE;
    private static final int START_OF_SCAN = 0xDA;
    private static final int END = 0xD9;

    /** Reads the markers in front of the picture. */
    static JpegColors of(byte[] file) {
        int components = 0;
        boolean adobe = false;
        boolean luminance = false;
        int at = 2;
        while (at + 9 < file.length && (file[at] & 0xFF) == 0xFF) {
            int marker = file[at + 1] & 0xFF;
            if (marker == START_OF_SCAN) {
                break;
            }
            int length = ((file[at + 2] & 0xFF) << 8) | (file[at + 3] & 0xFF);
            if (isFrame(marker)) {
                components = file[at + 9] & 0xFF;
            } else if (marker == APP14
                    && length >= 14
                    && at + 15 < file.length
                    && file[at + 4] == 'A') {
                adobe = true;
                luminance = file[at + 15] == 2;
            }
            at += marker == 0xFF ? 1 : 2 + length;
        }
        return new JpegColors(components, adobe, luminance, ends(file, at));
    }

    /** Whether there is an end marker; within the coded picture its bytes cannot occur. */
    private static boolean ends(byte[] file, int from) {
        for (int i = file.length - 2; i >= from; i--) {
            if (file[i] == (byte) 0xFF && file[i + 1] == (byte) END) {
                return true;
            }
        }
        return false;
    }

    /** Start-of-frame markers, C0 to CF, without those for tables and arithmetic coding. */
    private static boolean isFrame(int marker) {
        return marker >= 0xC0
                && marker <= 0xCF
                && marker != 0xC4
                && marker != 0xC8
                && marker != 0xCC;
    }

    /**
     * Red, green and blue of a raster with four inks: what the ink leaves of white, times what
     * black leaves.
     */
    Pixels toRgb(Raster raster) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[width * height * 3];
        int[] row = new int[width * 4];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                toRgb(row, 4 * x, rgb, (y * width + x) * 3);
            }
        }
        return new Pixels(width, height, 3, rgb);
    }

    private void toRgb(int[] inks, int at, byte[] rgb, int to) {
        if (luminance) {
            toComplement(inks, at);
        }
        int flip = adobe ? 0 : 255;
        int black = flip ^ inks[at + 3];
        for (int c = 0; c < 3; c++) {
            rgb[to + c] = (byte) Math.round((flip ^ inks[at + c]) * black / 255f);
        }
    }

    /** Luminance and chrominance to the complement of the colour they describe (JFIF 1.02). */
    private static void toComplement(int[] inks, int at) {
        float y = inks[at];
        float blue = inks[at + 1] - 128;
        float red = inks[at + 2] - 128;
        inks[at] = 255 - clipped(y + 1.402f * red);
        inks[at + 1] = 255 - clipped(y - 0.344136f * blue - 0.714136f * red);
        inks[at + 2] = 255 - clipped(y + 1.772f * blue);
    }

    private static int clipped(float value) {
        return Math.clamp(Math.round(value), 0, 255);
    }
}
