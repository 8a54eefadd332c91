package dev.nibble.calibrate;

import dev.nibble.number.Range;

/**
 * A range and who chose it.
 *
 * @param method the calibrator that the range comes from
 */
public record Choice(Range range, String method) {}
