package dev.nibble.ladder;

import dev.nibble.plan.Recipe;

import java.util.Locale;

/** What a search for formats spares while it meets a limit. */
public enum Objective {
    /** Bytes of the file. */
    SIZE,

    /**
     * Time, predicted by multiply-adds in float: a runtime's clock differs from run to run, and so
     * would the network that it chose.
     */
    LATENCY;

    private static final int NARROW_BITS = 4;

    /** What a recipe is for: few bits are chosen for size, 8 bits for speed. */
    static Objective of(Recipe recipe) {
        return recipe.weights().format().bits() <= NARROW_BITS ? SIZE : LATENCY;
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
