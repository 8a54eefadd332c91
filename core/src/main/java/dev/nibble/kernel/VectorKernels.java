package dev.nibble.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API, with the widest vectors that this machine prefers.
 *
 * <p>Each loop takes whole vectors; {@link ScalarKernels} takes the rest, and the statistics
 * altogether: the compiler makes vectors of those loops that leave nothing to gain but a long
 * warm-up to lose. The methods are small on purpose: the compiler boxes the vectors of a method
 * that it does not inline, which costs a factor of ten.
 */
final class VectorKernels implements Kernels {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(LANES * Short.SIZE));
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(LANES * Byte.SIZE, 64)));

    /**
     * Vectors of floats that fill one of bytes: 2 where floats come in fours, as no vector is
     * shorter than 8 bytes.
     */
    private static final int PARTS = BYTES.length() / LANES;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ScalarKernels.ROUNDER);

    private final ScalarKernels plain = new ScalarKernels();

    @Override
    public void quantize(float[] source, int from, byte[] target, int to, int length, Affine map) {
        float scale = map.scale();
        float least = map.least();
        float greatest = map.greatest();
        int shift = map.zeroPoint() - ROUNDER_BITS;
        int whole = length - length % BYTES.length();
        for (int i = 0; i < whole; i += BYTES.length()) {
            byteCodes(source, from + i, scale, least, greatest, shift).intoArray(target, to + i);
        }
        plain.quantize(source, from + whole, target, to + whole, length - whole, map);
    }

    private static ByteVector byteCodes(
            float[] source, int at, float scale, float least, float greatest, int shift) {
        IntVector codes = codes(source, at, scale, least, greatest, shift);
        ByteVector bytes = (ByteVector) codes.convertShape(VectorOperators.I2B, BYTES, 0);
        if (PARTS == 1) {
            return bytes;
        }
        IntVector others = codes(source, at + LANES, scale, least, greatest, shift);
        return bytes.or(others.convertShape(VectorOperators.I2B, BYTES, -1));
    }

    @Override
    public void quantize(float[] source, int from, short[] target, int to, int length, Affine map) {
        float scale = map.scale();
        float least = map.least();
        float greatest = map.greatest();
        int shift = map.zeroPoint() - ROUNDER_BITS;
        int whole = length - length % LANES;
        for (int i = 0; i < whole; i += LANES) {
            IntVector codes = codes(source, from + i, scale, least, greatest, shift);
            ((ShortVector) codes.convertShape(VectorOperators.I2S, SHORTS, 0))
                    .intoArray(target, to + i);
        }
        plain.quantize(source, from + whole, target, to + whole, length - whole, map);
    }

    private static IntVector codes(
            float[] source, int at, float scale, float least, float greatest, int shift) {
        FloatVector bounded = bounded(source, at, scale, least, greatest);
        return bounded.add(ScalarKernels.ROUNDER).reinterpretAsInts().add(shift);
    }

    /**
     * Quotients within the bounds. Comparing and blending, unlike min and max, sends NaN to the
     * lower one.
     */
    private static FloatVector bounded(
            float[] source, int at, float scale, float least, float greatest) {
        FloatVector quotients = FloatVector.fromArray(FLOATS, source, at).div(scale);
        FloatVector lower = FloatVector.broadcast(FLOATS, least);
        FloatVector raised = lower.blend(quotients, quotients.compare(VectorOperators.GE, least));
        return raised.blend(greatest, raised.compare(VectorOperators.GT, greatest));
    }

    @Override
    public void fakeQuantize(
            float[] source, int from, float[] target, int to, int length, Affine map) {
        float scale = map.scale();
        float least = map.least();
        float greatest = map.greatest();
        int whole = length - length % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector bounded = bounded(source, from + i, scale, least, greatest);
            FloatVector rounded = bounded.add(ScalarKernels.ROUNDER).sub(ScalarKernels.ROUNDER);
            rounded.mul(scale).intoArray(target, to + i);
        }
        plain.fakeQuantize(source, from + whole, target, to + whole, length - whole, map);
    }

    @Override
    public void sumRoundingGradients(
            float[] values, float[] gradients, int length, Affine map, float[] sums) {
        float least = map.least();
        float greatest = map.greatest();
        int whole = length - length % SUMS;
        for (int i = 0; i < whole; i += SUMS) {
            for (int lane = 0; lane < SUMS; lane += LANES) {
                sumGradients(values, gradients, i + lane, map.scale(), least, greatest, sums, lane);
            }
        }
        plain.sumRoundingGradients(values, gradients, whole, length, map, sums);
    }

    private static void sumGradients(
            float[] values,
            float[] gradients,
            int at,
            float scale,
            float least,
            float greatest,
            float[] sums,
            int lane) {
        FloatVector quotients = FloatVector.fromArray(FLOATS, values, at).div(scale);
        FloatVector gradient = FloatVector.fromArray(FLOATS, gradients, at);
        VectorMask<Float> below = quotients.compare(VectorOperators.LE, least);
        VectorMask<Float> above = quotients.compare(VectorOperators.GE, greatest);
        FloatVector rounded = quotients.add(ScalarKernels.ROUNDER).sub(ScalarKernels.ROUNDER);
        FloatVector inside = gradient.mul(rounded.sub(quotients));
        addWhere(below.or(above).not(), inside, sums, lane);
        addWhere(below, gradient, sums, SUMS + lane);
        addWhere(above, gradient, sums, 2 * SUMS + lane);
    }

    private static void addWhere(
            VectorMask<Float> some, FloatVector terms, float[] sums, int lane) {
        FloatVector sum = FloatVector.fromArray(FLOATS, sums, lane);
        sum.blend(sum.add(terms), some).intoArray(sums, lane);
    }

    @Override
    public void dequantize(
            byte[] source, int from, float[] target, int to, int length, Affine map) {
        int mask = map.signed() ? -1 : 0xFF;
        int whole = length - length % BYTES.length();
        for (int i = 0; i < whole; i += BYTES.length()) {
            ByteVector bytes = ByteVector.fromArray(BYTES, source, from + i);
            for (int part = 0; part < PARTS; part++) {
                IntVector codes = (IntVector) bytes.convertShape(VectorOperators.B2I, INTS, part);
                reals(codes, mask, map.zeroPoint(), map.scale())
                        .intoArray(target, to + i + part * LANES);
            }
        }
        plain.dequantize(source, from + whole, target, to + whole, length - whole, map);
    }

    @Override
    public void dequantize(
            short[] source, int from, float[] target, int to, int length, Affine map) {
        int mask = map.signed() ? -1 : 0xFFFF;
        int whole = length - length % LANES;
        for (int i = 0; i < whole; i += LANES) {
            ShortVector shorts = ShortVector.fromArray(SHORTS, source, from + i);
            IntVector codes = (IntVector) shorts.convertShape(VectorOperators.S2I, INTS, 0);
            reals(codes, mask, map.zeroPoint(), map.scale()).intoArray(target, to + i);
        }
        plain.dequantize(source, from + whole, target, to + whole, length - whole, map);
    }

    /** Masking the sign's copies off makes a code that was widened as signed an unsigned one. */
    private static FloatVector reals(IntVector codes, int mask, int zeroPoint, float scale) {
        IntVector distances = codes.and(mask).sub(zeroPoint);
        return ((FloatVector) distances.convert(VectorOperators.I2F, 0)).mul(scale);
    }

    @Override
    public Extremes extremes(float[] values, int from, int length) {
        return plain.extremes(values, from, length);
    }

    @Override
    public void bins(
            float[] values, int from, int[] bins, int to, int length, int exponent, int first) {
        plain.bins(values, from, bins, to, length, exponent, first);
    }

    @Override
    public void count(
            float[] values, int from, int length, int exponent, int first, int[] counters) {
        plain.count(values, from, length, exponent, first, counters);
    }

    @Override
    public void addScaled(
            double[] source, int from, double factor, double[] target, int to, int length) {
        int whole = length - length % DOUBLES.length();
        for (int i = 0; i < whole; i += DOUBLES.length()) {
            DoubleVector.fromArray(DOUBLES, target, to + i)
                    .add(DoubleVector.fromArray(DOUBLES, source, from + i).mul(factor))
                    .intoArray(target, to + i);
        }
        plain.addScaled(source, from + whole, factor, target, to + whole, length - whole);
    }

    @Override
    public void addFourScaled(
            float[] source,
            int from,
            int stride,
            float[] factors,
            float[] target,
            int to,
            int length) {
        float f0 = factors[0];
        float f1 = factors[1];
        float f2 = factors[2];
        float f3 = factors[3];
        int third = from + 2 * stride;
        int whole = length - length % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector sum =
                    pair(source, from + i, stride, f0, f1)
                            .add(pair(source, third + i, stride, f2, f3));
            FloatVector.fromArray(FLOATS, target, to + i).add(sum).intoArray(target, to + i);
        }
        plain.addFourScaled(
                source, from + whole, stride, factors, target, to + whole, length - whole);
    }

    private static FloatVector pair(float[] source, int at, int stride, float first, float second) {
        return FloatVector.fromArray(FLOATS, source, at)
                .mul(first)
                .add(FloatVector.fromArray(FLOATS, source, at + stride).mul(second));
    }

    /** For reports of faults. */
    @Override
    public String toString() {
        return "vector of " + LANES + " floats";
    }
}
