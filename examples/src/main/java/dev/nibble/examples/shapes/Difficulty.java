package dev.nibble.examples.shapes;

/**
 * How hard a picture is to read.
 *
 * @param minContrast smallest distance between the colours of glyph and background: root mean
 *     square over the channels, as a share of full scale
 * @param maxContrast largest such distance
 * @param clutter most strokes and spots drawn behind the glyph; in front of it there are half as
 *     many
 * @param blurPixels largest standard deviation of the blur
 * @param noise largest standard deviation of the noise, in 8-bit steps
 */
public record Difficulty(
        double minContrast, double maxContrast, double clutter, double blurPixels, double noise) {

    /** Bold glyphs on plain grounds: what a network can begin with. */
    public static final Difficulty EASY = new Difficulty(0.5, 0.7, 0, 0, 0);

    /** What the shipped image set is drawn with. */
    public static final Difficulty SHIPPED = new Difficulty(0.18, 0.7, 6, 0.8, 13);

    /** The difficulty that is {@code share} (0..1) of the way from this one to another. */
    public Difficulty towards(Difficulty other, double share) {
        return new Difficulty(
                mix(minContrast, other.minContrast, share),
                mix(maxContrast, other.maxContrast, share),
                mix(clutter, other.clutter, share),
                mix(blurPixels, other.blurPixels, share),
                mix(noise, other.noise, share));
    }

    private static double mix(double from, double to, double share) {
        return from + share * (to - from);
    }
}
