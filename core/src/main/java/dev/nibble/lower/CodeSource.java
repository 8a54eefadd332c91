package dev.nibble.lower;

import dev.nibble.number.IntegerFormat;

/** Where codes came from, and the float value that stands in their place. */
sealed interface CodeSource {
    /** Name of the float value. */
    String real();

    /** The same origin behind an operator that moves numbers about. */
    default CodeSource movedTo(String value) {
        return switch (this) {
            case Static(_, IntegerFormat format, Affine affine) ->
                    new Static(value, format, affine);
            case Dynamic(_, String scale, String zeroPoint) -> new Dynamic(value, scale, zeroPoint);
        };
    }

    /** Written with numbers that the file holds. */
    record Static(String real, IntegerFormat format, Affine affine) implements CodeSource {}

    /** Written with numbers that DynamicQuantizeLinear computes, and gives under these names. */
    record Dynamic(String real, String scale, String zeroPoint) implements CodeSource {}
}
