package dev.nibble.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/** What every implementation of {@link Kernels} gives, value by value. */
class KernelsTest {
    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final int BIG = 1 << 24;

    static Stream<Kernels> implementations() {
        return Stream.of(new ScalarKernels(), new VectorKernels());
    }

    static Stream<Arguments> codes() {
        Object[][] rows = {
            {"zero has the zero point", 0f, 1f, 5, -128, 127, 5},
            {"so has minus zero", -0f, 1f, 5, -128, 127, 5},
            {"a tie goes to the even neighbour below", 0.5f, 1f, 0, -128, 127, 0},
            {"a tie goes to the even neighbour above", 1.5f, 1f, 0, -128, 127, 2},
            {"a negative tie goes to the even neighbour", -2.5f, 1f, 0, -128, 127, -2},
            {"the tie is broken before the zero point is added", 0.5f, 1f, 1, -128, 127, 1},
            {"just above a tie rounds up", Math.nextUp(0.5f), 1f, 0, -128, 127, 1},
            {"just below a tie rounds down", Math.nextDown(1.5f), 1f, 0, -128, 127, 1},
            {
                "dividing gives a tie where multiplying by 1/scale does not",
                0.3f * 8.5f,
                0.3f,
                0,
                -128,
                127,
                8
            },
            {"beyond the top saturates", 200f, 1f, 0, -128, 127, 127},
            {"beyond the bottom saturates", -200f, 1f, 0, -128, 127, -128},
            {"the zero point shifts the saturation", 120f, 1f, 10, -128, 127, 127},
            {"a tie at the top bound stays", 127.5f, 1f, 0, -128, 127, 127},
            {"a tie at the bottom bound stays", -128.5f, 1f, 0, -128, 127, -128},
            {"infinity has the highest code", INFINITY, 1f, 3, 0, 255, 255},
            {"minus infinity has the lowest code", -INFINITY, 1f, 3, 0, 255, 0},
            {"NaN has the lowest code", NAN, 1f, 3, -128, 127, -128},
            {"NaN has the lowest unsigned code", NAN, 1f, 200, 0, 255, 0},
            {"the largest float saturates", Float.MAX_VALUE, Float.MIN_VALUE, 0, -128, 127, 127},
            {
                "the smallest float over the smallest scale is 1",
                Float.MIN_VALUE,
                Float.MIN_VALUE,
                0,
                -128,
                127,
                1
            },
            {"a narrow format saturates at its own bounds", 99f, 1f, 0, -8, 7, 7},
            {"unsigned codes above 127 keep their low 8 bits", 200f, 1f, 0, 0, 255, 200},
            {"a zero point at the end leaves one side", -3f, 1f, 255, 0, 255, 252},
        };
        return Arrays.stream(rows).map(Arguments::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("codes")
    void quantizesToBytes(
            String why, float value, float scale, int zeroPoint, int low, int high, int code) {
        float[] source = filled(37, value);
        implementations()
                .forEach(kernels -> {
                    byte[] target = new byte[source.length];
                    kernels.quantize(
                            source,
                            0,
                            target,
                            0,
                            source.length,
                            new Affine(scale, zeroPoint, low, high));
                    byte[] expected = new byte[source.length];
                    Arrays.fill(expected, (byte) code);
                    assertThat(target).as("%s, %s", why, kernels).isEqualTo(expected);
                });
    }

    static Stream<Arguments> wideCodes() {
        return Stream.of(
                arguments("the largest quotient is exact", 65535f, 0, 0, 65535, 65535),
                arguments("the most negative quotient is exact", -65535f, 65535, 0, 65535, 0),
                arguments("ties are even at the far end", 65533.5f, 0, 0, 65535, 65534),
                arguments("signed saturates", 1e9f, -32768, -32768, 32767, 32767),
                arguments("NaN has the lowest code", NAN, 12, -32768, 32767, -32768));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wideCodes")
    void quantizesToShorts(String why, float value, int zeroPoint, int low, int high, int code) {
        float[] source = filled(37, value);
        implementations()
                .forEach(kernels -> {
                    short[] target = new short[source.length];
                    kernels.quantize(
                            source,
                            0,
                            target,
                            0,
                            source.length,
                            new Affine(1, zeroPoint, low, high));
                    short[] expected = new short[source.length];
                    Arrays.fill(expected, (short) code);
                    assertThat(target).as("%s, %s", why, kernels).isEqualTo(expected);
                });
    }

    @Test
    void codesAreThoseOfExactArithmetic() {
        long seed = 20240501;
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            float scale = (float) Math.exp(random.nextGaussian() * 3);
            float value = (float) (random.nextGaussian() * 100 * scale);
            BigDecimal quotient = new BigDecimal(value / scale);
            int rounded = quotient.setScale(0, RoundingMode.HALF_EVEN).intValue();
            int expected = Math.clamp(rounded + 7L, 0, 255);
            implementations()
                    .forEach(kernels -> {
                        byte[] target = new byte[16];
                        kernels.quantize(
                                filled(16, value), 0, target, 0, 16, new Affine(scale, 7, 0, 255));
                        assertThat(Byte.toUnsignedInt(target[0]))
                                .as("%s of %s by %s, seed %d", kernels, value, scale, seed)
                                .isEqualTo(expected);
                    });
        }
    }

    @Test
    void everyByteIsDequantized() {
        byte[] codes = new byte[256];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) i;
        }
        implementations()
                .forEach(kernels -> {
                    float[] signed = new float[256];
                    float[] unsigned = new float[256];
                    kernels.dequantize(codes, 0, signed, 0, 256, new Affine(0.1f, -5, -128, 127));
                    kernels.dequantize(codes, 0, unsigned, 0, 256, new Affine(0.1f, 250, 0, 255));
                    for (int i = 0; i < 256; i++) {
                        assertThat(signed[i]).isEqualTo((float) (codes[i] + 5) * 0.1f);
                        assertThat(unsigned[i]).isEqualTo((float) (i - 250) * 0.1f);
                    }
                });
    }

    @Test
    void everyShortIsDequantized() {
        short[] codes = new short[65536];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (short) i;
        }
        implementations()
                .forEach(kernels -> {
                    float[] signed = new float[codes.length];
                    float[] unsigned = new float[codes.length];
                    kernels.dequantize(
                            codes,
                            0,
                            signed,
                            0,
                            codes.length,
                            new Affine(0.1f, -32768, -32768, 32767));
                    kernels.dequantize(
                            codes, 0, unsigned, 0, codes.length, new Affine(0.1f, 65535, 0, 65535));
                    for (int i = 0; i < codes.length; i++) {
                        assertThat(signed[i]).isEqualTo((float) (codes[i] + 32768) * 0.1f);
                        assertThat(unsigned[i]).isEqualTo((float) (i - 65535) * 0.1f);
                    }
                });
    }

    @Test
    void fakeQuantizationIsQuantizationAndBack() {
        Affine map = new Affine(0.7f, 9, 0, 255);
        float[] source = SpecialValues.mixedWithRandom(4098, 7, 50);
        implementations()
                .forEach(kernels -> {
                    byte[] codes = new byte[source.length];
                    float[] back = new float[source.length];
                    float[] fake = new float[source.length];
                    kernels.quantize(source, 0, codes, 0, source.length, map);
                    kernels.dequantize(codes, 0, back, 0, source.length, map);
                    kernels.fakeQuantize(source, 0, fake, 0, source.length, map);
                    assertThat(SpecialValues.bits(fake))
                            .as("%s", kernels)
                            .isEqualTo(SpecialValues.bits(back));
                });
    }

    @Test
    void gradientsOfRoundingAreThoseOfThePaper() {
        Affine map = new Affine(0.5f, 1, 0, 3);
        float[] values = {-9, -0.5f, -0.1f, 0.3f, 0.9f, 1, 7};
        float[] gradients = {1, 2, 4, 8, 16, 32, 64};
        implementations()
                .forEach(kernels -> {
                    float[] sums = new float[3 * Kernels.SUMS];
                    kernels.sumRoundingGradients(values, gradients, values.length, map, sums);
                    // steps −0.2, 0.6 and 1.8 lie inside of −1 to 2
                    assertThat(sum(sums, 0))
                            .as("%s", kernels)
                            .isCloseTo(4 * 0.2 + 8 * 0.4 + 16 * 0.2, within(1e-5));
                    assertThat(sum(sums, 1)).as("%s", kernels).isEqualTo(1 + 2);
                    assertThat(sum(sums, 2)).as("%s", kernels).isEqualTo(32 + 64);
                });
    }

    private static double sum(float[] sums, int kind) {
        double all = 0;
        for (int i = 0; i < Kernels.SUMS; i++) {
            all += sums[kind * Kernels.SUMS + i];
        }
        return all;
    }

    @Test
    void scaledRowsAreAdded() {
        float[] rows = {1, 2, 9, 10, 20, 9, 100, 200, 9, 1000, 2000};
        implementations()
                .forEach(kernels -> {
                    float[] sum = {7, 1, 1};
                    kernels.addFourScaled(rows, 0, 3, new float[] {1, 2, 3, 4}, sum, 1, 2);
                    assertThat(sum).as("%s", kernels).containsExactly(7, 4322, 8643);
                });
        implementations()
                .forEach(kernels -> {
                    double[] sum = {7, 1, 1};
                    kernels.addScaled(new double[] {5, 6, 7}, 1, -2, sum, 0, 2);
                    assertThat(sum).as("%s", kernels).containsExactly(-5, -13, 1);
                });
    }

    @Test
    void extremesLeaveOutWhatIsNotFinite() {
        float[] values = filled(50, 1);
        values[3] = INFINITY;
        values[20] = NAN;
        values[21] = -INFINITY;
        values[40] = -7;
        values[49] = 9;
        implementations()
                .forEach(kernels ->
                        assertThat(kernels.extremes(values, 0, values.length))
                                .as("%s", kernels)
                                .isEqualTo(new Kernels.Extremes(-7, 9, 3)));
    }

    @Test
    void theExtremesMayBeAnywhere() {
        for (int length : new int[] {1, 2, 3, 32, 33}) {
            for (int at = 0; at < length; at++) {
                float[] values = filled(length + 2, 5);
                values[1 + at] = 7;
                Kernels.Extremes expected = new Kernels.Extremes(length == 1 ? 7 : 5, 7, 0);
                implementations()
                        .forEach(kernels ->
                                assertThat(kernels.extremes(values, 1, values.length - 2))
                                        .isEqualTo(expected));
            }
        }
    }

    @Test
    void extremesOfNothingAreTurnedRound() {
        implementations()
                .forEach(kernels ->
                        assertThat(kernels.extremes(filled(40, NAN), 0, 40))
                                .as("%s", kernels)
                                .isEqualTo(new Kernels.Extremes(INFINITY, -INFINITY, 40)));
    }

    @Test
    void extremesOfMinusZeroAreZero() {
        implementations()
                .forEach(kernels ->
                        assertThat(kernels.extremes(filled(40, -0f), 0, 40))
                                .as("%s", kernels)
                                .isEqualTo(new Kernels.Extremes(0f, 0f, 0)));
    }

    static Stream<Arguments> bins() {
        Object[][] rows = {
            {"a step's lower end belongs to it", 1f, 0, 1},
            {"its upper end does not", Math.nextDown(2f), 0, 1},
            {"negative values go down, not towards zero", -0.25f, 0, -1},
            {"a whole negative value is the lower end of its bin", -2f, 0, -2},
            {"zero is in bin 0", 0f, 10, 0},
            {"minus zero too", -0f, 10, 0},
            {"the smallest float is in bin 0 of coarse steps", Float.MIN_VALUE, 100, 0},
            {"the smallest negative one in bin -1", -Float.MIN_VALUE, 100, -1},
            {"even where scaling it loses all its bits", -Float.MIN_NORMAL, 127, -1},
            {"the finest steps", 3 * Float.MIN_NORMAL, -126, 3},
            {"denormals in half of the finest normal step", Float.MIN_NORMAL / 2, -127, 1},
            {"a large bin is exact", 16777213f, 0, 16777213},
            {"the largest float in the coarsest steps", Float.MAX_VALUE, 127, 1},
            {"its negative", -Float.MAX_VALUE, 127, -2},
        };
        return Arrays.stream(rows).map(Arguments::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bins")
    void valuesAreBinned(String why, float value, int exponent, int bin) {
        implementations()
                .forEach(kernels -> {
                    int[] bins = new int[35];
                    kernels.bins(filled(35, value), 0, bins, 0, 35, exponent, -2);
                    int[] expected = new int[35];
                    Arrays.fill(expected, bin + 2);
                    assertThat(bins).as("%s, %s", why, kernels).isEqualTo(expected);
                });
    }

    @Test
    void binsAreThoseOfExactArithmetic() {
        long seed = 77;
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int exponent = random.nextInt(-126, 128);
            float value = Float.intBitsToFloat(random.nextInt());
            double steps = value / Math.scalb(1.0, exponent);
            if (!Float.isFinite(value) || Math.abs(steps) > BIG) {
                continue;
            }
            BigInteger expected =
                    new BigDecimal(steps).setScale(0, RoundingMode.FLOOR).toBigInteger();
            implementations()
                    .forEach(kernels -> {
                        int[] bins = new int[16];
                        kernels.bins(filled(16, value), 0, bins, 0, 16, exponent, 0);
                        assertThat(bins[15])
                                .as("%s of %s at 2^%d, seed %d", kernels, value, exponent, seed)
                                .isEqualTo(expected.intValueExact());
                    });
        }
    }

    @Test
    void countersOfABinAddUp() {
        float[] values = {0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, -1f, 2f, 2f, 2.5f};
        implementations()
                .forEach(kernels -> {
                    int[] counters = new int[4 * Kernels.COUNTERS];
                    kernels.count(values, 0, values.length, 0, -1, counters);
                    int[] sums = new int[4];
                    for (int i = 0; i < counters.length; i++) {
                        sums[i / Kernels.COUNTERS] += counters[i];
                    }
                    assertThat(sums).as("%s", kernels).containsExactly(1, 9, 0, 3);
                });
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }
}
