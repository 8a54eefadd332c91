package dev.nibble.number;

/**
 * How a tensor is to be quantized, before anything is known of its values.
 *
 * @param format the codes
 * @param symmetric whether real 0 has the middle code and the range is as wide on both sides; the
 *     lowest code, which has no counterpart, is then left unused: int8 has −127..127 about 0, uint8
 *     has 1..255 about 128
 * @param granularity which elements share a scale
 */
public record Scheme(IntegerFormat format, boolean symmetric, Granularity granularity) {

    /** The lowest code that encodings made from ranges use: one above the format's if symmetric. */
    public int lowestCode() {
        return symmetric ? format.min() + 1 : format.min();
    }

    /** As in {@code uint8 asymmetric per tensor}. */
    @Override
    public String toString() {
        return format + (symmetric ? " symmetric " : " asymmetric ") + granularity;
    }
}
