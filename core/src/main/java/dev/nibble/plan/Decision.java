package dev.nibble.plan;

import dev.nibble.number.Encoding;
import dev.nibble.number.Scheme;

/**
 * What becomes of one value: a weight, a bias or an activation. Values without a decision stay
 * float.
 */
public sealed interface Decision {
    /** It is to be quantized; the numbers are still to be found. */
    record Planned(Scheme scheme) implements Decision {}

    /** It is quantized so. */
    record Quantize(Encoding encoding) implements Decision {}
}
