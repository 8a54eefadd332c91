package dev.nibble.math;

import dev.nibble.kernel.Kernels;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A symmetric positive definite matrix A taken apart: A = Uᵀ·U, with U upper triangular and a
 * positive diagonal.
 *
 * <p>Matrices are square and row-major: element (i, j) is at {@code i·size + j}. The same bits for
 * any number of threads.
 */
public final class Cholesky {
    /** Rows of U that are subtracted from the rest of the matrix at a time. */
    private static final int PANEL = 32;

    /** Right-hand sides that share what is read of the factor. */
    private static final int ROWS = 16;

    /** Below this many rows, threads cost more than they bring. */
    private static final int WORTH_THREADS = 96;

    private static final double GROWTH = 10;

    private final int size;
    private final double[] upper;
    private final double[] lower;
    private final double added;
    private final Kernels kernels;

    private Cholesky(int size, double[] upper, double added, Kernels kernels) {
        this.size = size;
        this.upper = upper;
        this.lower = transposed(upper, size);
        this.added = added;
        this.kernels = kernels;
    }

    /** Takes a matrix apart, of which the upper triangle is read; empty if it is not definite. */
    public static Optional<Cholesky> of(double[] matrix, int size) {
        return factor(matrix, size, 0);
    }

    /**
     * Takes apart A + c·I, with c the given share of the mean of the diagonal, made ten times
     * larger until the sum is positive definite.
     *
     * <p>A matrix of zeros becomes c·I with c = 1, so that rows and columns that nothing is known
     * of do no harm.
     *
     * @param share 0 or more
     * @throws IllegalArgumentException if an element is NaN or infinite, as no damping helps there
     */
    public static Cholesky damped(double[] matrix, int size, double share) {
        double trace = 0;
        for (int i = 0; i < size; i++) {
            for (int j = i; j < size; j++) {
                if (!Double.isFinite(matrix[i * size + j])) {
                    throw new IllegalArgumentException(
                            "element (%d, %d) of the matrix is %s"
                                    .formatted(i, j, matrix[i * size + j]));
                }
            }
            trace += Math.abs(matrix[i * size + i]);
        }
        double mean = trace == 0 ? 1 : trace / size;
        double least = Math.ulp(1f);
        double damping = trace == 0 ? 1 : share;
        while (true) {
            Optional<Cholesky> factor = factor(matrix, size, damping * mean);
            if (factor.isPresent()) {
                return factor.get();
            }
            damping = Math.max(damping * GROWTH, least);
        }
    }

    private static Optional<Cholesky> factor(double[] matrix, int size, double added) {
        double[] upper = matrix.clone();
        double largest = 0;
        for (int i = 0; i < size; i++) {
            upper[i * size + i] += added;
            largest = Math.max(largest, upper[i * size + i]);
        }
        Kernels kernels = Kernels.forElements((long) size * size * size);
        double least = largest * Math.ulp(1.0) * size;
        for (int from = 0; from < size; from += PANEL) {
            int to = Math.min(from + PANEL, size);
            if (!factorPanel(upper, size, from, to, least, kernels)) {
                return Optional.empty();
            }
            subtractPanel(upper, size, from, to, kernels);
        }
        for (int i = 1; i < size; i++) {
            Arrays.fill(upper, i * size, i * size + i, 0);
        }
        return Optional.of(new Cholesky(size, upper, added, kernels));
    }

    /** Finishes some rows of U; false if a pivot is not positive beyond rounding. */
    private static boolean factorPanel(
            double[] upper, int size, int from, int to, double least, Kernels kernels) {
        for (int k = from; k < to; k++) {
            int row = k * size;
            if (!(upper[row + k] > least)) {
                return false;
            }
            double root = Math.sqrt(upper[row + k]);
            for (int j = k; j < size; j++) {
                upper[row + j] /= root;
            }
            for (int i = k + 1; i < to; i++) {
                kernels.addScaled(upper, row + i, -upper[row + i], upper, i * size + i, size - i);
            }
        }
        return true;
    }

    /** Takes finished rows out of all that follow. */
    private static void subtractPanel(double[] upper, int size, int from, int to, Kernels kernels) {
        IntStream rows = IntStream.range(to, size);
        (size - to < WORTH_THREADS ? rows : rows.parallel())
                .forEach(i -> {
                    for (int k = from; k < to; k++) {
                        int at = k * size + i;
                        kernels.addScaled(upper, at, -upper[at], upper, i * size + i, size - i);
                    }
                });
    }

    private static double[] transposed(double[] matrix, int size) {
        double[] transposed = new double[matrix.length];
        for (int i = 0; i < size; i++) {
            for (int j = i; j < size; j++) {
                transposed[j * size + i] = matrix[i * size + j];
            }
        }
        return transposed;
    }

    public int size() {
        return size;
    }

    /** What was added to each element of the diagonal. */
    public double added() {
        return added;
    }

    /** U, row after row; zeros below the diagonal. Not a copy: to be read only. */
    public double[] upper() {
        return upper;
    }

    /** Uᵀ, row after row; zeros above the diagonal. Not a copy: to be read only. */
    public double[] lower() {
        return lower;
    }

    /**
     * Solves {@code A·x = b} for many b at once, in place.
     *
     * @param sides the b, one after the other, each of {@link #size} elements; the x afterwards
     */
    public void solve(double[] sides) {
        int count = sides.length / size;
        IntStream blocks = IntStream.range(0, Math.ceilDiv(count, ROWS));
        (size < WORTH_THREADS ? blocks : blocks.parallel())
                .forEach(block -> solve(sides, block * ROWS, Math.min(count, (block + 1) * ROWS)));
    }

    private void solve(double[] sides, int first, int end) {
        for (int j = 0; j < size; j++) {
            int at = j * size + j;
            for (int row = first; row < end; row++) {
                int side = row * size + j;
                sides[side] /= upper[at];
                kernels.addScaled(upper, at + 1, -sides[side], sides, side + 1, size - j - 1);
            }
        }
        for (int j = size - 1; j >= 0; j--) {
            for (int row = first; row < end; row++) {
                int start = row * size;
                sides[start + j] /= lower[j * size + j];
                kernels.addScaled(lower, j * size, -sides[start + j], sides, start, j);
            }
        }
    }

    /** A⁻¹, row after row. */
    public double[] inverse() {
        double[] inverse = new double[size * size];
        for (int i = 0; i < size; i++) {
            inverse[i * size + i] = 1;
        }
        solve(inverse);
        return inverse;
    }
}
