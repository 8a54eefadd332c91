package dev.nibble.calibrate;

import dev.nibble.number.Scheme;
import dev.nibble.observe.Histogram;

/** Chooses the range that codes shall cover from the distribution of the values. */
public interface Calibrator {
    /** The name that the user chooses it by. */
    String name();

    /**
     * The range for a distribution; within its extremes.
     *
     * @param histogram of at least one finite value
     */
    Choice choose(Histogram histogram, Scheme scheme);
}
