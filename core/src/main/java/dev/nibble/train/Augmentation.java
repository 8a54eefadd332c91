package dev.nibble.train;

import static dev.nibble.train.TrainingSettings.require;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.SplittableRandom;

/**
 * Varies images, so that a network does not learn them by heart. Works on what the network is fed,
 * whatever its preprocessing.
 *
 * @param flip whether half of the images are mirrored left to right
 * @param shift how far images move at most, as a share of their extent; what comes in at the border
 *     is mirrored
 * @param zoom how much images grow at most, as a share of their extent: a random window is scaled
 *     up
 * @param color how much contrast and brightness change at most, as a share of the spread of the
 *     image's values
 * @param cutout side of a square that is blanked at a random place, as a share of the extent
 *     (DeVries and Taylor 2017, arXiv 1708.04552)
 */
public record Augmentation(boolean flip, double shift, double zoom, double color, double cutout) {
    public static final Augmentation NONE = new Augmentation(false, 0, 0, 0, 0);

    /** What does not hurt photos: mirrored, and moved by an eighth. */
    public static final Augmentation PHOTOS = new Augmentation(true, 0.125, 0, 0, 0);

    public Augmentation {
        require(shift >= 0 && shift < 1, "shift", shift, "in 0..1");
        require(zoom >= 0 && zoom <= 4, "zoom", zoom, "in 0..4");
        require(color >= 0 && color < 1, "color", color, "in 0..1");
        require(cutout >= 0 && cutout < 1, "cutout", cutout, "in 0..1");
    }

    /** Whether nothing is varied. */
    public boolean isNone() {
        return equals(NONE);
    }

    /**
     * Whether a tensor can be an image: {@code [1 × channels × height × width]} or {@code [1 ×
     * height × width × channels]} with 1, 3 or 4 channels.
     */
    public static boolean fits(Shape shape) {
        return shape.rank() == 4 && (isChannels(shape.dim(1)) || isChannels(shape.dim(3)));
    }

    private static boolean isChannels(long extent) {
        return extent == 1 || extent == 3 || extent == 4;
    }

    /** A variation of an image, decided by the random numbers. */
    public Tensor apply(Tensor image, SplittableRandom random) {
        if (isNone() || !fits(image.shape())) {
            return image;
        }
        return Tensor.ofFloats(image.shape(), new ImageVariation(this, image).drawn(random));
    }
}
