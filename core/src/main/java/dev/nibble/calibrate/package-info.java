/**
 * From what was observed to the range that codes shall cover: where to clip.
 *
 * <p>Imports {@code number} and {@code observe}. Read {@link dev.nibble.calibrate.Calibrator} and
 * {@link dev.nibble.calibrate.Calibrators} first.
 */
@NullMarked
package dev.nibble.calibrate;

import org.jspecify.annotations.NullMarked;
