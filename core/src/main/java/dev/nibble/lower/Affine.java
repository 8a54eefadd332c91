package dev.nibble.lower;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;

/**
 * How the codes of a file stand for real numbers: real = scale · (code − zeroPoint).
 *
 * <p>Two that are equal give every code the same meaning.
 *
 * @param scales of the type of the real numbers; a scalar if there is one for the whole tensor
 * @param zeroPoints int32, as many as there are scales
 */
record Affine(Tensor scales, Tensor zeroPoints, Granularity granularity) {
    static Affine of(Tensor scales, int[] zeroPoints, Granularity granularity) {
        Shape shape = granularity instanceof PerTensor ? Shape.scalar() : scales.shape();
        return new Affine(scales.reshape(shape), Tensor.ofInts(shape, zeroPoints), granularity);
    }

    boolean isPerTensor() {
        return granularity instanceof PerTensor;
    }

    /** Type of the real numbers. */
    DataType real() {
        return scales.type();
    }

    /** The scale of a whole tensor. */
    float scale() {
        return scales.floats()[0];
    }

    /** The zero point of a whole tensor. */
    int zeroPoint() {
        return ints()[0];
    }

    /** Whether every scale is a finite positive number. */
    boolean hasSoundScales() {
        for (float scale : scales.floats()) {
            if (!(scale > 0) || Float.isInfinite(scale)) {
                return false;
            }
        }
        return true;
    }

    boolean fits(IntegerFormat format) {
        return Arrays.stream(ints()).allMatch(code -> code >= format.min() && code <= format.max());
    }

    /** Whether there are as many scales as codes of a shape take. */
    boolean fits(Shape shape) {
        int axis = axis();
        boolean inside = isPerTensor() || (axis >= -shape.rank() && axis < shape.rank());
        return inside && granularity.scaleShape(shape).equals(scales.shape());
    }

    /** What to say where that is not so. */
    String misfit(String name, Shape shape) {
        return "its scales of shape %s do not fit %s of shape %s %s"
                .formatted(scales.shape(), name, shape, granularity);
    }

    /** The axis that the scales count along; 0 if there is one scale. */
    int axis() {
        return switch (granularity) {
            case PerTensor _ -> 0;
            case PerAxis(int at) -> at;
            case PerBlock(int at, _) -> at;
        };
    }

    Encoding encoding(IntegerFormat format) {
        return new Encoding(
                new Scheme(format, false, granularity), scales.shape(), scales.floats(), ints());
    }

    private int[] ints() {
        return Arrays.stream(zeroPoints.longs()).mapToInt(Math::toIntExact).toArray();
    }
}
