package dev.nibble.torch.reconstruct;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.tensor.Shape;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/** The numbers of an encoding, shaped so that they meet the elements of a tensor. */
record Scales(Tensor scale, Tensor zeroPoint) {
    static Scales of(Encoding encoding, Shape shape) {
        float[] zeroPoints = new float[encoding.groups()];
        for (int i = 0; i < zeroPoints.length; i++) {
            zeroPoints[i] = encoding.zeroPoint(i);
        }
        return new Scales(
                spread(encoding, encoding.scales(), shape), spread(encoding, zeroPoints, shape));
    }

    private static Tensor spread(Encoding encoding, float[] numbers, Shape shape) {
        Granularity granularity = encoding.granularity();
        Tensor groups = Tensor.create(numbers, encoding.scaleShape().dims());
        return switch (granularity) {
            case PerTensor _ -> groups;
            case PerAxis(int axis) -> {
                long[] dims = new long[shape.rank()];
                Arrays.fill(dims, 1);
                dims[shape.normalize(axis)] = numbers.length;
                yield groups.reshape(dims);
            }
            case PerBlock(int axis, int blockSize) -> {
                int at = shape.normalize(axis);
                Tensor repeated =
                        torch.repeat_interleave(
                                groups, blockSize, new LongOptional(at), new LongOptional());
                yield repeated.narrow(at, 0, shape.dim(at));
            }
        };
    }
}
