package dev.nibble.repair;

/**
 * How long and on what a block is fitted.
 *
 * @param iterations steps for each block
 * @param batch how many samples a step looks at; fewer where their maps are large
 * @param samples how many samples there are to look at, at most; their values around a block are
 *     kept in memory
 * @param drop the probability with which an element of an activation is left float during a step
 *     (Wei et al. 2022, arXiv 2203.05740); 0 for never
 * @param learnScales whether the scales of activations are learned, too (Esser et al. 2019, arXiv
 *     1902.08153)
 * @param roundingRate how fast rounding is learned
 * @param biasRate how fast biases are learned, as a part of the size of what they are added to
 * @param pressure how strongly rounding is pressed towards up or down, beside an error that begins
 *     at 1
 * @param seed what random choices begin with
 */
public record ReconstructionSettings(
        int iterations,
        int batch,
        int samples,
        double drop,
        boolean learnScales,
        double roundingRate,
        double biasRate,
        double pressure,
        long seed) {
    /** A few minutes for a network of some hundred million multiplications. */
    public static final ReconstructionSettings STANDARD =
            new ReconstructionSettings(200, 8, 1024, 0.5, false, 0.1, 1e-3, 1, 1);

    public ReconstructionSettings {
        require(iterations >= 1, "iterations", iterations, "at least 1");
        require(batch >= 1, "batch", batch, "at least 1");
        require(samples >= 1, "samples", samples, "at least 1");
        require(drop >= 0 && drop < 1, "drop", drop, "in 0..1, 1 excluded");
        require(positive(roundingRate), "roundingRate", roundingRate, "positive and finite");
        require(positive(biasRate), "biasRate", biasRate, "positive and finite");
        require(positive(pressure), "pressure", pressure, "positive and finite");
    }

    private static boolean positive(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY;
    }

    private static void require(boolean holds, String name, double given, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s is %s; it must be %s".formatted(name, given, allowed));
        }
    }

    /** The same with another number of iterations. */
    public ReconstructionSettings withIterations(int count) {
        return new ReconstructionSettings(
                count, batch, samples, drop, learnScales, roundingRate, biasRate, pressure, seed);
    }
}
