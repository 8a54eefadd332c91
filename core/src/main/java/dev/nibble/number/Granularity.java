package dev.nibble.number;

import dev.nibble.tensor.Shape;

/** Which elements of a tensor share one scale and zero point. */
public sealed interface Granularity {
    /**
     * All of them. A method, since a constant of a sealed interface's own kind can deadlock when
     * classes are loaded.
     */
    static Granularity perTensor() {
        return new PerTensor();
    }

    /** One pair for the whole tensor. */
    record PerTensor() implements Granularity {
        @Override
        public String toString() {
            return "per tensor";
        }
    }

    /** One pair for each index along an axis, as for the output channels of a convolution. */
    record PerAxis(int axis) implements Granularity {
        @Override
        public String toString() {
            return "per axis " + axis;
        }
    }

    /**
     * One pair for each run of {@code blockSize} elements along an axis; the last run may be
     * shorter.
     *
     * <p>ONNX DequantizeLinear, opset 21, attribute {@code block_size}.
     */
    record PerBlock(int axis, int blockSize) implements Granularity {
        public PerBlock {
            if (blockSize < 1) {
                throw new IllegalArgumentException(
                        "a block holds at least 1 element, not " + blockSize);
            }
        }

        @Override
        public String toString() {
            return "blocks of " + blockSize + " along axis " + axis;
        }
    }

    /**
     * Shape of the scales of a tensor: scalar, vector along the axis, or the tensor's own with the
     * axis divided by the block.
     */
    default Shape scaleShape(Shape shape) {
        return switch (this) {
            case PerTensor _ -> Shape.scalar();
            case PerAxis(int axis) -> Shape.of(shape.dim(axis));
            case PerBlock(int axis, int blockSize) -> {
                long[] dims = shape.dims();
                int at = shape.normalize(axis);
                dims[at] = Math.ceilDiv(dims[at], (long) blockSize);
                yield Shape.of(dims);
            }
        };
    }
}
