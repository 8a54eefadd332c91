package dev.nibble.number;

/**
 * The real numbers from {@code min} to {@code max}.
 *
 * @param min the lower end; finite
 * @param max the upper end; finite and not below {@code min}
 */
public record Range(float min, float max) {
    public Range {
        if (!(min <= max) || Float.isInfinite(min) || Float.isInfinite(max)) {
            throw new IllegalArgumentException(
                    "a range goes from a finite min up to a finite max, not " + min + ".." + max);
        }
    }

    /** The smallest range that holds this one and 0: real zero must have a code of its own. */
    public Range withZero() {
        return new Range(Math.min(min, 0), Math.max(max, 0));
    }

    /** The smallest range that holds both. */
    public Range union(Range other) {
        return new Range(Math.min(min, other.min), Math.max(max, other.max));
    }

    /** The larger of the ends' magnitudes. */
    public float maxAbs() {
        return Math.max(Math.abs(min), Math.abs(max));
    }

    @Override
    public String toString() {
        return min + ".." + max;
    }
}
