package dev.nibble.number;

import dev.nibble.tensor.DataType;

/**
 * Consecutive integers: −2^(bits−1)..2^(bits−1)−1 if signed, 0..2^bits−1 if not.
 *
 * <p>ONNX has types of 4, 8 and 16 bits that runtimes read. Codes of other widths are stored in the
 * next wider one, as they are: of its codes only some are used.
 *
 * @param bits width of a code: 2 to 8, or 16
 * @param signed whether there are negative codes
 */
public record IntegerFormat(int bits, boolean signed) implements NumberFormat {
    private static final int FEWEST = 2;
    private static final int NIBBLE = 4;

    public IntegerFormat {
        if (bits < FEWEST || (bits > Byte.SIZE && bits != Short.SIZE)) {
            throw new IllegalArgumentException(
                    "there are no codes of " + bits + " bits; allowed are 2 to 8, and 16");
        }
    }

    /** The narrowest element type with room for a code. */
    @Override
    public DataType dataType() {
        if (bits <= NIBBLE) {
            return signed ? DataType.INT4 : DataType.UINT4;
        }
        if (bits <= Byte.SIZE) {
            return signed ? DataType.INT8 : DataType.UINT8;
        }
        return signed ? DataType.INT16 : DataType.UINT16;
    }

    /** The lowest code. */
    public int min() {
        return signed ? -(1 << (bits - 1)) : 0;
    }

    /** The highest code. */
    public int max() {
        return signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
    }

    /** The number of steps between the lowest and the highest code: 2^bits − 1. */
    public int steps() {
        return (1 << bits) - 1;
    }

    /** As in {@code int8}. */
    @Override
    public String toString() {
        return (signed ? "int" : "uint") + bits;
    }
}
