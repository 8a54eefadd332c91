package dev.nibble.formats.image;

import dev.nibble.error.NibbleException;

/** What small files do to keep decoders busy, or to get around the check of their size. */
final class FileTricks {
    /** Programs write about ten; each goes over the whole picture, however few bytes it has. */
    private static final int MOST_SCANS = 200;

    private static final int START_OF_SCAN = 0xDA;

    /** Where a BMP tells how it is compressed, and the two ways that hold another file. */
    private static final int COMPRESSION = 30;

    private static final int JPEG_INSIDE = 4;
    private static final int PNG_INSIDE = 5;

    private FileTricks() {}

    /**
     * Looks at a file before it is decoded.
     *
     * @throws NibbleException if it is a JPEG of very many scans, or a BMP with another file inside
     */
    static void refuse(ImageDecoder.Format format, byte[] file) {
        switch (format) {
            case JPEG -> refuseScans(file);
            case BMP -> refuseInside(file);
            case PNG, GIF -> {}
        }
    }

    private static void refuseScans(byte[] file) {
        int scans = 0;
        for (int i = 0; i + 1 < file.length; i++) {
            if (file[i] == (byte) 0xFF && file[i + 1] == (byte) START_OF_SCAN) {
                scans++;
            }
        }
        if (scans > MOST_SCANS) {
            throw new NibbleException(
                    "the JPEG has %d scans, at most %d are decoded; save it again"
                            .formatted(scans, MOST_SCANS));
        }
    }

    private static void refuseInside(byte[] file) {
        int way = file.length > COMPRESSION ? file[COMPRESSION] : 0;
        if (way == JPEG_INSIDE || way == PNG_INSIDE) {
            throw new NibbleException(
                    "the BMP has a JPEG or PNG inside, which is not decoded; save it as that");
        }
    }
}
