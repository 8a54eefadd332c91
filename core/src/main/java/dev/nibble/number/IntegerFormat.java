package dev.nibble.number;

import dev.nibble.tensor.DataType;

/**
 * Consecutive integers: −2^(bits−1)..2^(bits−1)−1 if signed, 0..2^bits−1 if not.
 *
 * @param dataType the element type of the codes
 * @param bits width of a code, 2 to 16
 * @param signed whether there are negative codes
 */
public record IntegerFormat(DataType dataType, int bits, boolean signed) implements NumberFormat {
    public IntegerFormat {
        if (bits < 2 || bits > 16 || dataType.bits() != bits) {
            throw new IllegalArgumentException(
                    bits
                            + " bits do not fit "
                            + dataType
                            + "; allowed are 2 to 16, as wide as the type");
        }
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

    @Override
    public String toString() {
        return dataType.toString();
    }
}
