package dev.nibble.repair;

import dev.nibble.math.Cholesky;

import java.util.stream.DoubleStream;

/**
 * What rounded weights ŵ of outputs that see the same inputs x are to be: those with the least
 * {@code Σ E[(y − ŵ·x)²]}, which the second moments tell.
 *
 * <p>Inputs are those of the quantized network, targets those of the float one, so that a layer
 * also mends what came before it.
 *
 * @param rows outputs
 * @param columns inputs
 * @param weights the float weights w, a row for each output
 * @param moments H = E[x·xᵀ], centred where a bias takes care of the means
 * @param cross C = E[y·xᵀ], likewise, a row for each output
 * @param squares E[y²], likewise
 */
record RoundingProblem(
        int rows,
        int columns,
        double[] weights,
        double[] moments,
        double[] cross,
        double[] squares) {
    RoundingProblem {
        if (weights.length != rows * columns
                || cross.length != weights.length
                || moments.length != columns * columns
                || squares.length != rows) {
            throw new IllegalArgumentException(
                    "%d weights, %d cross moments, %d moments and %d squares do not fit %d × %d"
                            .formatted(
                                    weights.length,
                                    cross.length,
                                    moments.length,
                                    squares.length,
                                    rows,
                                    columns));
        }
    }

    /** Whether all moments are numbers. */
    boolean isFinite() {
        return DoubleStream.of(moments).allMatch(Double::isFinite)
                && DoubleStream.of(cross).allMatch(Double::isFinite);
    }

    /**
     * The real weights to aim at: {@code w + (C − w·H)·(H + λ·mean(diag H)·I)⁻¹}, the best ones
     * that are not far from the float ones.
     *
     * @param lambda how strongly they are held to the float ones
     */
    double[] targets(double lambda) {
        double[] residuals = new double[weights.length];
        double[] products = product(weights);
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = cross[i] - products[i];
        }
        Cholesky.damped(moments, columns, lambda).solve(residuals);
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] += weights[i];
        }
        return residuals;
    }

    /** {@code Σ E[(y − ŵ·x)²]}. */
    double error(double[] rounded) {
        double[] products = product(rounded);
        double error = 0;
        for (double square : squares) {
            error += square;
        }
        for (int i = 0; i < rounded.length; i++) {
            error += rounded[i] * (products[i] - 2 * cross[i]);
        }
        return Math.max(error, 0);
    }

    /** {@code Σ E[y²]}. */
    double signal() {
        double signal = 0;
        for (double square : squares) {
            signal += square;
        }
        return signal;
    }

    /** {@code w·H}, row by row. */
    private double[] product(double[] left) {
        return QuadraticForm.products(left, moments, columns);
    }
}
