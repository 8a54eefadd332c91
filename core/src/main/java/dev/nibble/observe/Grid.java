package dev.nibble.observe;

/**
 * Bins of width 2^exponent: bin i covers [i·2^exponent, (i+1)·2^exponent).
 *
 * @param exponent says how wide a bin is
 * @param first number of the first bin in use
 * @param last number of the last bin in use
 */
record Grid(int exponent, int first, int last) {
    /**
     * The finest step: finer ones would tell denormal floats apart, which are as good as 0 to any
     * format.
     */
    private static final int LEAST_EXPONENT = -127;

    /** The finest step below the greatest magnitude, so that the number of a bin fits an int. */
    private static final int DEPTH = 30;

    /**
     * The finest grid that covers finite extremes in so many bins.
     *
     * <p>The exponent never falls as the extremes move apart. That is what lets histograms merge:
     * the grid of all values is at least as coarse as that of any part of them.
     *
     * @param maxBins at least 2, as a range across 0 needs a bin on either side however coarse the
     *     grid is
     */
    static Grid covering(float min, float max, int maxBins) {
        float maxAbs = Math.max(Math.abs(min), Math.abs(max));
        int exponent = Math.max(LEAST_EXPONENT, Math.getExponent(maxAbs) - DEPTH);
        while (bin(max, exponent) - bin(min, exponent) >= maxBins) {
            exponent++;
        }
        return new Grid(exponent, (int) bin(min, exponent), (int) bin(max, exponent));
    }

    private static long bin(float value, int exponent) {
        return (long) Math.floor(Math.scalb((double) value, -exponent));
    }

    int bins() {
        return last - first + 1;
    }

    /** Where a bin of a finer grid lies in this one. */
    int place(int bin, int finerExponent) {
        // a shift by more than 31 would start again from 0
        return (bin >> Math.min(exponent - finerExponent, Integer.SIZE - 1)) - first;
    }
}
