package dev.nibble.examples;

import dev.nibble.examples.shapes.ShapeImages;

/**
 * The image sets behind the embedded example: what is learnt from, calibrated with and judged by
 * never overlaps.
 */
public final class ShapeSets {
    /** Pictures that the networks learn from, drawn on demand and not shipped. */
    public static final ShapeImages TRAINING = ShapeImages.ofSeed(2026);

    /** Pictures to calibrate with. */
    public static final ShapeImages CALIBRATION = ShapeImages.ofSeed(3_000_000);

    /** Pictures to evaluate with. */
    public static final ShapeImages EVALUATION = ShapeImages.ofSeed(4_000_000);

    /** How many pictures to calibrate with are shipped. */
    public static final int CALIBRATION_COUNT = 100;

    /** How many pictures to evaluate with are shipped. */
    public static final int EVALUATION_COUNT = 500;

    private ShapeSets() {}
}
