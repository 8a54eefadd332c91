package dev.nibble.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The extents of a tensor, outermost first; a scalar has none. */
public final class Shape {
    private static final Shape SCALAR = new Shape(new long[0]);

    private final long[] dims;

    private Shape(long[] dims) {
        this.dims = dims;
    }

    /**
     * A shape of the given extents.
     *
     * @throws IllegalArgumentException if an extent is negative
     * @throws ArithmeticException if the product of those that are not 0 exceeds a long, so that
     *     the product of any of them is safe
     */
    public static Shape of(long... dims) {
        if (dims.length == 0) {
            return SCALAR;
        }
        long elements = 1;
        for (long dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(dims) + " has a negative extent");
            }
            elements = Math.multiplyExact(elements, Math.max(dim, 1));
        }
        return new Shape(dims.clone());
    }

    public static Shape scalar() {
        return SCALAR;
    }

    public int rank() {
        return dims.length;
    }

    /** The extent of one axis; negative axes count from the end, as in ONNX. */
    public long dim(int axis) {
        return dims[normalize(axis)];
    }

    /**
     * The axis counted from the front.
     *
     * @throws IllegalArgumentException if the axis is outside −rank..rank−1
     */
    public int normalize(int axis) {
        int counted = axis < 0 ? axis + dims.length : axis;
        if (counted < 0 || counted >= dims.length) {
            throw new IllegalArgumentException("axis " + axis + " is outside shape " + this);
        }
        return counted;
    }

    /** The number of elements: the product of the extents, 1 for a scalar. */
    public long elements() {
        return product(0, dims.length);
    }

    /**
     * The product of the extents of the axes {@code from} (inclusive) to {@code to} (exclusive).
     */
    public long product(int from, int to) {
        long product = 1;
        for (int axis = from; axis < to; axis++) {
            product *= dims[axis];
        }
        return product;
    }

    public long[] dims() {
        return dims.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** As in {@code [64×3×7×7]}. */
    @Override
    public String toString() {
        return Arrays.stream(dims)
                .mapToObj(Long::toString)
                .collect(Collectors.joining("×", "[", "]"));
    }
}
