package dev.nibble.math;

/**
 * A share that was counted, and how sure it is.
 *
 * @param successes how many had it
 * @param trials of how many, at least 1
 */
public record Proportion(long successes, long trials) {
    /** Standard deviations that hold 95 % of a normal distribution. */
    private static final double Z = 1.959963984540054;

    public Proportion {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(successes + " of " + trials + " is no share");
        }
    }

    public double share() {
        return (double) successes / trials;
    }

    /** The lower end of the 95 % interval (Wilson 1927). */
    public double low() {
        return Math.max(0, center() - halfWidth());
    }

    /** The upper end of the 95 % interval (Wilson 1927). */
    public double high() {
        return Math.min(1, center() + halfWidth());
    }

    private double center() {
        return (share() + Z * Z / (2 * trials)) / (1 + Z * Z / trials);
    }

    private double halfWidth() {
        double variance = share() * (1 - share()) / trials + Z * Z / (4.0 * trials * trials);
        return Z * Math.sqrt(variance) / (1 + Z * Z / trials);
    }
}
