package dev.nibble.formats.image;

import dev.nibble.formats.MemoryBudget;

/**
 * A picture as plain bytes: rows from the top, in each row the pixels, in each pixel the channels.
 *
 * <p>The array is neither copied nor changed.
 *
 * @param channels 3 for red, green, blue; 1 for brightness
 */
record Pixels(int width, int height, int channels, byte[] data) {
    /** What a pixel takes while it is decoded, turned and resized, generously. */
    private static final double HEAP_SHARE = 1 / 32.0;

    private static final long MOST = 100_000_000;

    Pixels {
        if (data.length != Math.multiplyExact(Math.multiplyExact(width, height), channels)) {
            throw new IllegalArgumentException(
                    "%d bytes are no picture of %d×%d pixels with %d channels"
                            .formatted(data.length, width, height, channels));
        }
    }

    /** How many pixels a picture may have: larger ones take more memory than they are worth. */
    static long most() {
        return MemoryBudget.ofHeap(HEAP_SHARE, MOST);
    }

    /** The brightness, by the weights of ITU-R 601 in 16-bit fixed point, rounded. */
    Pixels toLuma() {
        if (channels == 1) {
            return this;
        }
        byte[] luma = new byte[width * height];
        for (int i = 0; i < luma.length; i++) {
            int red = data[3 * i] & 0xFF;
            int green = data[3 * i + 1] & 0xFF;
            int blue = data[3 * i + 2] & 0xFF;
            luma[i] = (byte) ((red * 19595 + green * 38470 + blue * 7471 + (1 << 15)) >>> 16);
        }
        return new Pixels(width, height, 1, luma);
    }

    /** The rectangle that starts at a pixel. */
    Pixels crop(int left, int top, int croppedWidth, int croppedHeight) {
        byte[] cropped = new byte[croppedWidth * croppedHeight * channels];
        for (int y = 0; y < croppedHeight; y++) {
            int from = ((top + y) * width + left) * channels;
            System.arraycopy(
                    data, from, cropped, y * croppedWidth * channels, croppedWidth * channels);
        }
        return new Pixels(croppedWidth, croppedHeight, channels, cropped);
    }
}
