package dev.nibble.lower;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;

/** Matrices with rows and columns exchanged, and the encodings that go with them. */
final class Transposition {
    private Transposition() {}

    static Tensor of(Tensor matrix) {
        float[] values = matrix.floats();
        int rows = Math.toIntExact(matrix.shape().dim(0));
        int columns = Math.toIntExact(matrix.shape().dim(1));
        return Tensor.ofFloats(Shape.of(columns, rows), transposed(values, rows, columns));
    }

    static Encoding of(Encoding encoding) {
        Granularity granularity =
                switch (encoding.granularity()) {
                    case PerTensor whole -> whole;
                    case PerAxis(int axis) -> new PerAxis(1 - axis);
                    case PerBlock(int axis, int blockSize) -> new PerBlock(1 - axis, blockSize);
                };
        Scheme scheme = new Scheme(encoding.format(), encoding.scheme().symmetric(), granularity);
        Shape shape = encoding.scaleShape();
        if (shape.rank() < 2) {
            return new Encoding(scheme, shape, encoding.scales(), encoding.zeroPoints());
        }
        int rows = Math.toIntExact(shape.dim(0));
        int columns = Math.toIntExact(shape.dim(1));
        int[] zeroPoints = encoding.zeroPoints();
        int[] exchanged = new int[zeroPoints.length];
        for (int i = 0; i < exchanged.length; i++) {
            exchanged[i] = zeroPoints[i % rows * columns + i / rows];
        }
        return new Encoding(
                scheme,
                Shape.of(columns, rows),
                transposed(encoding.scales(), rows, columns),
                exchanged);
    }

    /** Matrices {@code [n × rows × columns]} side by side, each transposed. */
    static Tensor ofStack(Tensor stack) {
        Shape shape = stack.shape();
        int rows = Math.toIntExact(shape.dim(1));
        int columns = Math.toIntExact(shape.dim(2));
        float[] values = stack.floats();
        float[] exchanged = new float[values.length];
        int size = rows * columns;
        for (int first = 0; first < values.length; first += size) {
            float[] matrix = Arrays.copyOfRange(values, first, first + size);
            System.arraycopy(transposed(matrix, rows, columns), 0, exchanged, first, size);
        }
        return Tensor.ofFloats(Shape.of(shape.dim(0), columns, rows), exchanged);
    }

    /** The encoding of such a stack: one scale, or one for each row. */
    static Encoding ofStack(Encoding encoding) {
        Shape shape = encoding.scaleShape();
        Granularity granularity =
                switch (encoding.granularity()) {
                    case PerTensor whole -> whole;
                    case PerAxis(int axis) -> new PerAxis(3 - axis);
                    case PerBlock(int axis, int blockSize) -> new PerBlock(3 - axis, blockSize);
                };
        Scheme scheme = new Scheme(encoding.format(), encoding.scheme().symmetric(), granularity);
        return new Encoding(
                scheme,
                shape.rank() == 3 ? Shape.of(shape.dim(0), shape.dim(2), shape.dim(1)) : shape,
                encoding.scales(),
                encoding.zeroPoints());
    }

    private static float[] transposed(float[] values, int rows, int columns) {
        float[] exchanged = new float[values.length];
        for (int i = 0; i < exchanged.length; i++) {
            exchanged[i] = values[i % rows * columns + i / rows];
        }
        return exchanged;
    }
}
