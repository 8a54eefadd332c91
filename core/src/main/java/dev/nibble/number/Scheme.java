package dev.nibble.number;

/**
 * How a tensor is to be quantized, before anything is known of its values.
 *
 * @param format the codes
 * @param symmetric whether real 0 has the middle code and the range is as wide on both sides; signed formats then leave
 *     their lowest code unused
 * @param granularity which elements share a scale
 */
public record Scheme(IntegerFormat format, boolean symmetric, Granularity granularity) {

    /** The lowest code that the scheme uses: one above the format's if symmetric and signed. */
    public int lowestCode() {
        return symmetric && format.signed() ? format.min() + 1 : format.min();
    }

    /** As in {@code uint8 asymmetric per tensor}. */
    @Override
    public String toString() {
        return format + (symmetric ? " symmetric " : " asymmetric ") + granularity;
    }
}
