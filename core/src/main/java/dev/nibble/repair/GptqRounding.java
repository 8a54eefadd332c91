package dev.nibble.repair;

import dev.nibble.kernel.Kernels;
import dev.nibble.math.Cholesky;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Rounds rows of weights w to codes so that {@code (ŵ − w)·Q·(ŵ − w)ᵀ} is small.
 *
 * <p>GPTQ first (Frantar et al. 2022, arXiv 2210.17323): weight after weight, in the order of
 * falling diagonal of Q, each rounded after the errors of those before were made up for; computed
 * as Babai's nearest plane, which is the same (Chen et al. 2025, arXiv 2507.18553) and needs no
 * inverse. Then cyclic descent: each code moves where that lowers the error, and each row that has
 * a scale of its own takes the scale that fits its codes best.
 */
final class GptqRounding {
    private static final int ROWS = 16;

    /** How much a fitted scale may differ from the one that was searched. */
    private static final double MOST_FITTED = 1.5;

    private final int columns;
    private final int[] order;
    private final double[] form;
    private final Cholesky factor;
    private final int sweeps;
    private final Kernels kernels;

    /**
     * Prepares for a quadratic form.
     *
     * @param moments H; Q = H + damping · mean(diag H) · I
     */
    GptqRounding(double[] moments, int columns, double damping, int sweeps) {
        this.columns = columns;
        this.sweeps = sweeps;
        this.order =
                IntStream.range(0, columns)
                        .boxed()
                        .sorted((one, other) ->
                                Double.compare(
                                        moments[one * columns + one],
                                        moments[other * columns + other]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        this.form = new double[columns * columns];
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j < columns; j++) {
                form[i * columns + j] = moments[order[i] * columns + order[j]];
            }
        }
        this.factor = Cholesky.damped(form, columns, damping);
        for (int i = 0; i < columns; i++) {
            form[i * columns + i] += factor.added();
        }
        this.kernels = Kernels.forElements(1L << 10 << Math.min(20, columns));
    }

    /** The diagonal of Q, in the order of the columns. */
    double[] importances() {
        double[] diagonal = new double[columns];
        for (int i = 0; i < columns; i++) {
            diagonal[order[i]] = form[i * columns + i];
        }
        return diagonal;
    }

    /**
     * Rounds rows.
     *
     * @param targets w, row after row
     * @param firstRow which row of the grid the first one is
     * @return ŵ, row after row, each an element of the grid as a float
     */
    double[] round(double[] targets, RoundingGrid grid, int firstRow) {
        int count = targets.length / columns;
        double[] rounded = new double[targets.length];
        IntStream.range(0, Math.ceilDiv(count, ROWS))
                .parallel()
                .forEach(block -> {
                    int first = block * ROWS;
                    Block rows = new Block(first, Math.min(count, first + ROWS), targets);
                    rows.open(grid, firstRow);
                    rows.nearestPlane();
                    rows.descend(grid, firstRow);
                    rows.store(rounded);
                });
        return rounded;
    }

    /** Some rows, with their columns in the order of rising diagonal. */
    private final class Block {
        private final int first;
        private final int rows;
        private final double[] targets;
        private final float[] scales;
        private final float[] searched;
        private final int[] least;
        private final int[] greatest;
        private final int[] codes;
        private final double[] errors;

        /** First what the errors so far add to each component, then Q times the errors. */
        private final double[] sums;

        Block(int first, int end, double[] all) {
            this.first = first;
            this.rows = end - first;
            this.targets = new double[rows * columns];
            this.scales = new float[rows * columns];
            this.searched = new float[rows];
            this.least = new int[rows * columns];
            this.greatest = new int[rows * columns];
            this.codes = new int[rows * columns];
            this.errors = new double[rows * columns];
            this.sums = new double[rows * columns];
            for (int row = 0; row < rows; row++) {
                for (int j = 0; j < columns; j++) {
                    targets[row * columns + j] = all[(first + row) * columns + order[j]];
                }
            }
        }

        void open(RoundingGrid grid, int firstRow) {
            for (int row = 0; row < rows; row++) {
                for (int j = 0; j < columns; j++) {
                    int at = row * columns + j;
                    int gridRow = firstRow + first + row;
                    scales[at] = grid.scale(gridRow, order[j]);
                    searched[row] = scales[at];
                    least[at] = grid.least(gridRow, order[j]);
                    greatest[at] = grid.greatest(gridRow, order[j]);
                }
            }
        }

        /** From the last column, of the greatest diagonal, to the first. */
        void nearestPlane() {
            double[] lower = factor.lower();
            for (int j = columns - 1; j >= 0; j--) {
                for (int row = 0; row < rows; row++) {
                    int at = row * columns + j;
                    double wanted = targets[at] - sums[at] / lower[j * columns + j];
                    double steps = Math.rint(wanted / scales[at]);
                    codes[at] = (int) Math.clamp(steps, least[at], greatest[at]);
                    errors[at] = real(at) - targets[at];
                    kernels.addScaled(lower, j * columns, errors[at], sums, row * columns, j);
                }
            }
        }

        private double real(int at) {
            return codes[at] * scales[at];
        }

        void descend(RoundingGrid grid, int firstRow) {
            for (int sweep = 0; sweep < sweeps; sweep++) {
                if (sweep > 0 && grid.scalePerRow()) {
                    fitScales(grid, firstRow);
                }
                multiply(errors, sums);
                for (int row = 0; row < rows; row++) {
                    sweep(row);
                }
            }
        }

        /** Moves each code of a row where that lowers the error. */
        private void sweep(int row) {
            for (int j = columns - 1; j >= 0; j--) {
                int at = row * columns + j;
                double curvature = form[j * columns + j];
                double steps = Math.rint(-sums[at] / (curvature * scales[at]));
                int code = (int) Math.clamp(codes[at] + steps, least[at], greatest[at]);
                if (code == codes[at]) {
                    continue;
                }
                double move = (double) (code - codes[at]) * scales[at];
                if (move * (2 * sums[at] + move * curvature) < 0) {
                    codes[at] = code;
                    errors[at] += move;
                    kernels.addScaled(form, j * columns, move, sums, row * columns, columns);
                }
            }
        }

        /**
         * The scale s with the least error of {@code s·codes}: {@code codes·Q·w / codes·Q·codes}.
         */
        private void fitScales(RoundingGrid grid, int firstRow) {
            double[] steps = new double[codes.length];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = codes[i];
            }
            double[] products = new double[codes.length];
            multiply(steps, products);
            for (int row = 0; row < rows; row++) {
                double along = 0;
                double square = 0;
                for (int at = row * columns; at < (row + 1) * columns; at++) {
                    along += products[at] * targets[at];
                    square += products[at] * steps[at];
                }
                double ratio = along / square / searched[row];
                if (ratio > 1 / MOST_FITTED && ratio < MOST_FITTED) {
                    rescale(row, (float) (along / square));
                    grid.rescale(firstRow + first + row, scales[row * columns]);
                }
            }
        }

        private void rescale(int row, float scale) {
            for (int at = row * columns; at < (row + 1) * columns; at++) {
                scales[at] = scale;
                errors[at] = real(at) - targets[at];
            }
        }

        /** Each row times Q. */
        private void multiply(double[] left, double[] products) {
            Arrays.fill(products, 0);
            for (int j = 0; j < columns; j++) {
                for (int row = 0; row < rows; row++) {
                    double factorOf = left[row * columns + j];
                    kernels.addScaled(
                            form, j * columns, factorOf, products, row * columns, columns);
                }
            }
        }

        void store(double[] rounded) {
            for (int row = 0; row < rows; row++) {
                for (int j = 0; j < columns; j++) {
                    rounded[(first + row) * columns + order[j]] = real(row * columns + j);
                }
            }
        }
    }
}
