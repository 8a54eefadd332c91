package dev.nibble.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The law of {@link Kernels}: scalar and vector code give the same bits, whatever the length and
 * the offsets.
 */
class SameBitsTest {
    private static final int MARGIN = 5;
    private static final long SEED = 4711;

    private final Kernels scalar = new ScalarKernels();
    private final Kernels vector = new VectorKernels();

    @ParameterizedTest
    @CsvSource({
        "0,0", "1,3", "7,0", "8,1", "13,0", "15,2", "16,0", "17,0", "31,1", "63,0", "207,3",
        "511,1", "513,0", "4098,2"
    })
    void scalarAndVectorAgree(int length, int from) {
        float[] source = SpecialValues.mixedWithRandom(from + length, SEED + length, 60);
        for (float scale :
                new float[] {1f, 0.7f, 1e-3f, 3e38f, Float.MIN_NORMAL, Float.MIN_VALUE}) {
            checkBytes(source, from, length, new Affine(scale, 7, -128, 127));
            checkBytes(source, from, length, new Affine(scale, 128, 0, 255));
            checkBytes(source, from, length, new Affine(scale, -1, -8, 7));
            checkShorts(source, from, length, new Affine(scale, -5, -32768, 32767));
            checkShorts(source, from, length, new Affine(scale, 65535, 0, 65535));
        }
        checkGradients(source);
        check(kernels -> kernels.extremes(source, from, length));
        float[] finite = SpecialValues.random(from + length, SEED + length, 60);
        check(kernels -> kernels.extremes(finite, from, length));
        for (int exponent : new int[] {-14, -3, 0, 9, 100}) {
            checkBins(finite, from, length, exponent);
        }
        checkSums(finite, from, length);
    }

    private void checkGradients(float[] values) {
        float[] gradients = SpecialValues.random(values.length, SEED, 9);
        check(kernels -> {
            float[] sums = new float[3 * Kernels.SUMS];
            Affine map = new Affine(0.7f, 5, 0, 15);
            kernels.sumRoundingGradients(values, gradients, values.length, map, sums);
            // which bits a NaN has is not told when it is added up
            return IntStream.range(0, sums.length)
                    .mapToObj(i -> Float.floatToIntBits(sums[i]))
                    .toList();
        });
    }

    private void checkSums(float[] values, int from, int length) {
        float[] rows = SpecialValues.random(from + 3 * (length + 3) + length, SEED, 9);
        checkFloats(
                from + length,
                (kernels, target) ->
                        kernels.addFourScaled(
                                rows,
                                from,
                                length + 3,
                                new float[] {0.1f, -3, 1e9f, 1e-9f},
                                target,
                                from,
                                length));
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = Math.sqrt(Math.abs(values[i])) * values[i];
        }
        check(kernels -> {
            double[] target = doubles.clone();
            kernels.addScaled(doubles, 0, Math.PI, target, from, length);
            return target;
        });
    }

    /**
     * Compiled code may be wrong where interpreted code is right, and takes some thousand rounds to
     * come about.
     */
    @Test
    void theyStillAgreeOnceCompiled() {
        for (int round = 0; round < 300; round++) {
            scalarAndVectorAgree(4098, round % 3);
        }
    }

    private void checkBytes(float[] source, int from, int length, Affine map) {
        byte[] codes = new byte[MARGIN + length + MARGIN];
        check(kernels -> {
            byte[] target = codes.clone();
            kernels.quantize(source, from, target, MARGIN, length, map);
            return target;
        });
        scalar.quantize(source, from, codes, MARGIN, length, map);
        checkFloats(
                codes.length,
                (kernels, target) -> kernels.dequantize(codes, MARGIN, target, from, length, map));
        checkFloats(
                codes.length,
                (kernels, target) ->
                        kernels.fakeQuantize(source, from, target, MARGIN, length, map));
    }

    private void checkShorts(float[] source, int from, int length, Affine map) {
        short[] codes = new short[MARGIN + length + MARGIN];
        check(kernels -> {
            short[] target = codes.clone();
            kernels.quantize(source, from, target, MARGIN, length, map);
            return target;
        });
        scalar.quantize(source, from, codes, MARGIN, length, map);
        checkFloats(
                codes.length,
                (kernels, target) -> kernels.dequantize(codes, MARGIN, target, from, length, map));
    }

    private void checkBins(float[] values, int from, int length, int exponent) {
        int first = (int) Math.floor(-400 / Math.scalb(1.0, exponent));
        check(kernels -> {
            int[] bins = new int[MARGIN + length + MARGIN];
            kernels.bins(values, from, bins, MARGIN, length, exponent, first);
            return bins;
        });
        if (exponent > -10) {
            check(kernels -> {
                int[] counters = new int[1 - 2 * first * Kernels.COUNTERS + Kernels.COUNTERS];
                kernels.count(values, from, length, exponent, first, counters);
                return counters;
            });
        }
    }

    private void checkFloats(int length, Filler filler) {
        check(kernels -> {
            float[] target = new float[length];
            filler.fill(kernels, target);
            return SpecialValues.bits(target);
        });
    }

    private void check(Function<Kernels, Object> result) {
        Object expected = result.apply(scalar);
        Object actual = result.apply(vector);
        // deepEquals first: AssertJ takes arrays element by element, through boxes
        if (!Objects.deepEquals(actual, expected)) {
            assertThat(actual).isEqualTo(expected);
        }
    }

    private interface Filler {
        void fill(Kernels kernels, float[] target);
    }
}
