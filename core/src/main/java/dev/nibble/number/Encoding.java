package dev.nibble.number;

import dev.nibble.kernel.Affine;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A scheme with its numbers: real ≈ scale · (code − zeroPoint).
 *
 * <p>Follows ONNX QuantizeLinear: {@code saturate(roundHalfEven(x / scale) + zeroPoint)}.
 * Immutable.
 */
public final class Encoding {
    private final Scheme scheme;
    private final Shape scaleShape;
    private final float[] scales;

    /** One for each group, or a single one if all are the same: blocks are many. */
    private final int[] zeroPoints;

    /**
     * An encoding of the given numbers.
     *
     * @param scaleShape shape of the scales, see {@link Granularity#scaleShape}
     * @param scales width of one step in real units, one for each group; finite and positive
     * @param zeroPoints the code that stands for real 0, one for each group
     */
    public Encoding(Scheme scheme, Shape scaleShape, float[] scales, int[] zeroPoints) {
        if (scales.length != scaleShape.elements() || zeroPoints.length != scales.length) {
            throw new IllegalArgumentException(
                    "%d scales and %d zero points do not fit shape %s"
                            .formatted(scales.length, zeroPoints.length, scaleShape));
        }
        for (int i = 0; i < scales.length; i++) {
            check(scheme, scales[i], zeroPoints[i]);
        }
        this.scheme = scheme;
        this.scaleShape = scaleShape;
        this.scales = scales.clone();
        boolean same = Arrays.stream(zeroPoints).allMatch(zeroPoint -> zeroPoint == zeroPoints[0]);
        this.zeroPoints =
                Arrays.copyOf(zeroPoints, same ? Math.min(1, scales.length) : scales.length);
    }

    private static void check(Scheme scheme, float scale, int zeroPoint) {
        if (!(scale > 0) || Float.isInfinite(scale)) {
            throw new IllegalArgumentException(
                    "scale " + scale + " is not a finite positive number");
        }
        IntegerFormat format = scheme.format();
        if (zeroPoint < format.min() || zeroPoint > format.max()) {
            throw new IllegalArgumentException(
                    "zero point %d does not fit %d..%d; use another format or clamp it"
                            .formatted(zeroPoint, format.min(), format.max()));
        }
    }

    /** One scale and zero point for the whole tensor. */
    public static Encoding ofScale(Scheme scheme, float scale, int zeroPoint) {
        return new Encoding(scheme, Shape.scalar(), new float[] {scale}, new int[] {zeroPoint});
    }

    /**
     * The encoding whose codes cover a range: the textbooks' {@code round((x − min)/(max −
     * min)·(2^bits − 1))}.
     *
     * <p>The range is first widened to hold 0, so that real zero has a code of its own; a symmetric
     * scheme widens it to −maxAbs..maxAbs. The scale is rounded to a float, at least the smallest
     * normal one, and the zero point to the nearest code, half to even. A range of 0..0 gets scale
     * 1.
     *
     * <p>Law: every real number of the range is within half a step of the one that its code stands
     * for, up to the rounding of floats. (Moving the zero point to a whole code moves the ends by
     * at most half a step.)
     */
    public static Encoding ofRange(Scheme scheme, Range range) {
        return ofRanges(scheme, Shape.scalar(), List.of(range));
    }

    /**
     * One range for each group of elements that share a scale, in the row-major order of {@code
     * scaleShape}.
     */
    public static Encoding ofRanges(Scheme scheme, Shape scaleShape, List<Range> ranges) {
        float[] scales = new float[ranges.size()];
        int[] zeroPoints = new int[ranges.size()];
        for (int i = 0; i < scales.length; i++) {
            Range range = ranges.get(i).withZero();
            scales[i] = scaleFor(scheme, range);
            zeroPoints[i] = zeroPointFor(scheme, range, scales[i]);
        }
        return new Encoding(scheme, scaleShape, scales, zeroPoints);
    }

    private static float scaleFor(Scheme scheme, Range range) {
        // in double: the width of a range may exceed the largest float
        double width =
                scheme.symmetric() ? 2.0 * range.maxAbs() : (double) range.max() - range.min();
        float scale = (float) (width / (scheme.format().max() - scheme.lowestCode()));
        if (width == 0) {
            return 1;
        }
        // quotients by a scale below the normal floats are too coarse to tell codes apart
        return Math.max(scale, Float.MIN_NORMAL);
    }

    private static int zeroPointFor(Scheme scheme, Range range, float scale) {
        IntegerFormat format = scheme.format();
        if (scheme.symmetric()) {
            return format.signed() ? 0 : 1 << (format.bits() - 1);
        }
        double code = format.min() - (double) range.min() / scale;
        return (int) Math.clamp(Math.rint(code), format.min(), format.max());
    }

    public Scheme scheme() {
        return scheme;
    }

    public IntegerFormat format() {
        return scheme.format();
    }

    public Granularity granularity() {
        return scheme.granularity();
    }

    public Shape scaleShape() {
        return scaleShape;
    }

    /** How many groups of elements have a scale of their own. */
    public int groups() {
        return scales.length;
    }

    public float scale(int group) {
        return scales[group];
    }

    public int zeroPoint(int group) {
        int checked = Objects.checkIndex(group, scales.length);
        return zeroPoints[hasOneZeroPoint() ? 0 : checked];
    }

    /** Whether all groups have the same zero point, as in symmetric schemes. */
    boolean hasOneZeroPoint() {
        return zeroPoints.length <= 1;
    }

    /** A group's map, saturating at the ends of the format. */
    Affine affine(int group) {
        return new Affine(scales[group], zeroPoint(group), format().min(), format().max());
    }

    public float[] scales() {
        return scales.clone();
    }

    /** The scales as a tensor of their shape, not copied. */
    public Tensor scaleTensor() {
        return Tensor.ofFloats(scaleShape, scales);
    }

    public int[] zeroPoints() {
        int[] all = new int[scales.length];
        for (int group = 0; group < all.length; group++) {
            all[group] = zeroPoint(group);
        }
        return all;
    }

    /**
     * The real numbers that a group's codes stand for, from the lowest code used to the highest.
     *
     * <p>Inverse of {@link #ofRange}: the encoding of this range has the same zero point, and the
     * same scale up to the rounding of a float. Ends beyond the floats are the largest floats.
     */
    public Range range(int group) {
        return new Range(real(group, scheme.lowestCode()), real(group, format().max()));
    }

    private float real(int group, int code) {
        double real = (double) scales[group] * (code - zeroPoint(group));
        return (float) Math.clamp(real, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding encoding
                && scheme.equals(encoding.scheme)
                && scaleShape.equals(encoding.scaleShape)
                && Arrays.equals(scales, encoding.scales)
                && Arrays.equals(zeroPoints, encoding.zeroPoints);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * scheme.hashCode() + Arrays.hashCode(scales))
                + Arrays.hashCode(zeroPoints);
    }

    @Override
    public String toString() {
        return groups() == 1
                ? scheme + ", scale " + scales[0] + ", zero point " + zeroPoint(0)
                : scheme + ", " + groups() + " scales";
    }
}
