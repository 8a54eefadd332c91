package dev.nibble.lower;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

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

    private static float[] transposed(float[] values, int rows, int columns) {
        float[] exchanged = new float[values.length];
        for (int i = 0; i < exchanged.length; i++) {
            exchanged[i] = values[i % rows * columns + i / rows];
        }
        return exchanged;
    }
}
