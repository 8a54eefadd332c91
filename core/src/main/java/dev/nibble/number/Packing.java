package dev.nibble.number;

/**
 * How codes of 8 bits or fewer lie in bytes: each as wide as its element type, without gaps, the
 * first in the lowest bits; what is left of the last byte is zero (ONNX, "TensorProto.raw_data").
 */
record Packing(IntegerFormat format) {

    /** Bytes that so many codes take. */
    long bytes(long codes) {
        return Math.ceilDiv(codes * width(), Byte.SIZE);
    }

    /** Bits from one code to the next. */
    private int width() {
        return format.dataType().bits();
    }

    /** The bits of one code. */
    private int mask() {
        return (1 << width()) - 1;
    }

    /** Packs codes, a byte each, into the front of the same array. */
    void pack(byte[] codes, int length) {
        int bits = width();
        if (bits == Byte.SIZE) {
            return;
        }
        int perByte = Byte.SIZE / bits;
        int packed = (int) bytes(length);
        for (int i = 0; i < packed; i++) {
            int together = 0;
            for (int j = Math.min(length, (i + 1) * perByte) - 1; j >= i * perByte; j--) {
                together = (together << bits) | (codes[j] & mask());
            }
            codes[i] = (byte) together;
        }
    }

    /** Unpacks what is in the front of an array into a byte each, with the sign. */
    void unpack(byte[] packed, int length) {
        int bits = width();
        if (bits == Byte.SIZE) {
            return;
        }
        int perByte = Byte.SIZE / bits;
        int sign = format.signed() ? 1 << (bits - 1) : 0;
        // from the last to the first, so that nothing is overwritten before it is read
        for (int i = length - 1; i >= 0; i--) {
            int code = (packed[i / perByte] >> (i % perByte * bits)) & mask();
            packed[i] = (byte) ((code ^ sign) - sign);
        }
    }
}
