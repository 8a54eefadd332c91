package dev.nibble.lower;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Scratch;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Matrices with rows and columns exchanged, and the encodings that go with them. */
final class Transposition {
    /** Elements that are exchanged at a time. */
    private static final int PIECE = 1 << 18;

    private static final ValueLayout.OfFloat LAYOUT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Transposition() {}

    static Tensor of(Tensor matrix) {
        long rows = matrix.shape().dim(0);
        int columns = Math.toIntExact(matrix.shape().dim(1));
        long bytes = DataType.FLOAT32.bytes(matrix.elements());
        // the float weights and these are there at once
        MemorySegment target = Scratch.forTotal(2 * bytes).allocate(bytes);
        int most = (int) Math.clamp(PIECE / Math.max(1, columns), 1, Math.max(1, rows));
        float[] piece = new float[most * columns];
        float[] column = new float[most];
        for (long first = 0; first < rows; first += most) {
            int count = (int) Math.min(most, rows - first);
            matrix.copyFloats(first * columns, piece, 0, count * columns);
            for (int x = 0; x < columns; x++) {
                for (int y = 0; y < count; y++) {
                    column[y] = piece[y * columns + x];
                }
                MemorySegment.copy(
                        column, 0, target, LAYOUT, (x * rows + first) * Float.BYTES, count);
            }
        }
        return new Tensor(DataType.FLOAT32, Shape.of(columns, rows), target);
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
