package dev.nibble.examples.shapes;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An endless labelled image set, drawn on demand.
 *
 * <p>Picture {@code index} of a seed is always the same, on any machine, and the classes take
 * turns: any run of a multiple of ten pictures is balanced.
 *
 * @param seed decides everything
 * @param size width and height in pixels
 * @param difficulty how hard the pictures are to read
 */
public record ShapeImages(long seed, int size, Difficulty difficulty) {
    /** Width and height of the shipped pictures. */
    public static final int SHIPPED_SIZE = 32;

    /** Pictures like the shipped ones. */
    public static ShapeImages ofSeed(long seed) {
        return new ShapeImages(seed, SHIPPED_SIZE, Difficulty.SHIPPED);
    }

    public ShapeImages with(Difficulty other) {
        return new ShapeImages(seed, size, other);
    }

    /** The label of a picture: the position of its class in {@link Glyph#values()}. */
    public int label(long index) {
        return Math.floorMod(index, Glyph.values().length);
    }

    /** The class of a picture. */
    public Glyph glyph(long index) {
        return List.of(Glyph.values()).get(label(index));
    }

    /** Draws a picture. */
    public BufferedImage image(long index) {
        long start = new SplittableRandom(seed).nextLong();
        SplittableRandom random = new SplittableRandom(start + index);
        BufferedImage image = new Painter(size, difficulty, random).paint(glyph(index));
        double blur = difficulty.blurPixels() * random.nextDouble();
        double noise = difficulty.noise() * random.nextDouble();
        new Camera(blur, noise, random).shoot(image);
        return image;
    }
}
