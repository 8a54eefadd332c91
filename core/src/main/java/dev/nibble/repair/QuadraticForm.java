package dev.nibble.repair;

import dev.nibble.kernel.Kernels;

import java.util.stream.IntStream;

/** Products of rows with a symmetric matrix. */
final class QuadraticForm {
    private static final int ROWS = 16;

    private QuadraticForm() {}

    /** Each row times the matrix. */
    static double[] products(double[] rows, double[] matrix, int size) {
        double[] products = new double[rows.length];
        int count = rows.length / size;
        Kernels kernels = Kernels.forElements((long) rows.length * size);
        IntStream.range(0, Math.ceilDiv(count, ROWS))
                .parallel()
                .forEach(block -> {
                    int end = Math.min(count, (block + 1) * ROWS);
                    for (int j = 0; j < size; j++) {
                        for (int row = block * ROWS; row < end; row++) {
                            double factor = rows[row * size + j];
                            kernels.addScaled(matrix, j * size, factor, products, row * size, size);
                        }
                    }
                });
        return products;
    }
}
