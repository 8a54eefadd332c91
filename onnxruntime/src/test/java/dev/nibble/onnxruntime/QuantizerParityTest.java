package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.QuantizedTensor;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The quantizer gives the codes and reals of ONNX Runtime's QuantizeLinear and DequantizeLinear,
 * bit for bit.
 *
 * <p>The one exception: at the ends of runs of 4-bit codes, and in blocks along another axis than
 * the last, ONNX Runtime converts quotients to 32-bit integers before it saturates them. Those that
 * do not fit, infinities and NaN among them, overflow there; here they saturate as everywhere else,
 * and NaN takes the lowest code.
 */
class QuantizerParityTest {
    private static final long SEED = 20_260_101;

    /** Numbers of this magnitude do not fit 32-bit integers. */
    private static final double INT_RANGE = 0x1p31;

    /** Odd extents, so that runs and blocks end in the middle of vectors. */
    private static final Shape SHAPE = Shape.of(6, 13, 7);

    /** Those that ONNX Runtime has, as wide as their types. */
    private static final List<IntegerFormat> FORMATS =
            NumberFormats.ALL.stream()
                    .filter(format -> format.bits() == format.dataType().bits())
                    .toList();

    private static final List<Granularity> GRANULARITIES =
            List.of(
                    Granularity.perTensor(),
                    new PerAxis(0),
                    new PerAxis(1),
                    new PerAxis(-1),
                    new PerBlock(0, 2),
                    new PerBlock(1, 4),
                    new PerBlock(2, 3),
                    new PerBlock(-1, 7));

    /** Wide, narrow, not a power of two, and so that values overflow or vanish in the division. */
    private static final float[] SCALES = {
        1,
        0.5f,
        0.1f,
        0.00392157f,
        3.7e-5f,
        123.456f,
        1e-30f,
        1e30f,
        Float.MIN_NORMAL,
        1e-41f,
        3e38f
    };

    static Stream<Arguments> formatsAndGranularities() {
        return FORMATS.stream()
                .flatMap(format ->
                        GRANULARITIES.stream()
                                .map(granularity -> Arguments.of(format, granularity)));
    }

    /**
     * Encodings that go through all scales and through zero points at the ends, in the middle and
     * between.
     */
    private static List<Encoding> encodings(
            IntegerFormat format, Granularity granularity, Random random) {
        List<Encoding> encodings = new ArrayList<>();
        Scheme scheme = new Scheme(format, false, granularity);
        Shape scaleShape = granularity.scaleShape(SHAPE);
        int groups = (int) scaleShape.elements();
        for (int first = 0; first < SCALES.length; first++) {
            float[] scales = new float[groups];
            int[] zeroPoints = new int[groups];
            for (int group = 0; group < groups; group++) {
                scales[group] = SCALES[(first + group) % SCALES.length];
                zeroPoints[group] =
                        switch ((first + group) % 4) {
                            case 0 -> format.min();
                            case 1 -> format.max();
                            case 2 -> 0;
                            default -> random.nextInt(format.min(), format.max() + 1);
                        };
            }
            encodings.add(new Encoding(scheme, scaleShape, scales, zeroPoints));
        }
        return encodings;
    }

    /**
     * Ties, the ends of the format, random numbers of all magnitudes, and what is special in
     * floating point.
     */
    private static float[] values(Encoding encoding, Random random) {
        float[] values = new float[(int) SHAPE.elements()];
        for (int i = 0; i < values.length; i++) {
            float scale = encoding.scale(random.nextInt(encoding.groups()));
            int steps = encoding.format().steps();
            values[i] =
                    switch (i % 5) {
                        case 0 -> (random.nextInt(-2 * steps, 2 * steps) + 0.5f) * scale;
                        case 1 -> random.nextInt(-2 * steps, 2 * steps) * scale;
                        case 2 -> (float) (random.nextGaussian() * scale * steps);
                        case 3 -> special(random);
                        default ->
                                Math.nextAfter(
                                        (random.nextInt(-8, 8) + 0.5f) * scale,
                                        random.nextBoolean() ? 1e30 : -1e30);
                    };
        }
        return values;
    }

    private static float special(Random random) {
        float[] specials = {
            0f,
            -0f,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MIN_NORMAL,
            0x1p31f,
            -0x1p31f,
            0x1.fffffep30f,
            1e20f,
            -1e20f,
            Float.intBitsToFloat(0xFFC12345),
            Float.intBitsToFloat(random.nextInt())
        };
        return specials[random.nextInt(specials.length)];
    }

    /** ONNX Runtime's codes, repaired where it is known to overflow. */
    private static long[] expected(float[] values, Encoding encoding) {
        long[] codes = LinearOperators.quantize(Tensor.ofFloats(SHAPE, values), encoding);
        if (overflows(encoding)) {
            for (int i = 0; i < codes.length; i++) {
                float quotient = values[i] / encoding.scale(group(i, encoding.granularity()));
                if (!(Math.abs(quotient) < INT_RANGE - (1 << 16))) {
                    codes[i] = quotient > 0 ? encoding.format().max() : encoding.format().min();
                }
            }
        }
        return codes;
    }

    private static boolean overflows(Encoding encoding) {
        return switch (encoding.granularity()) {
            case PerTensor _ -> false;
            case PerAxis _ -> encoding.format().bits() == 4;
            case PerBlock(int axis, _) ->
                    encoding.format().bits() == 4 || SHAPE.normalize(axis) != SHAPE.rank() - 1;
        };
    }

    /** The group of an element, found from its coordinates. */
    private static int group(int element, Granularity granularity) {
        Shape scales = granularity.scaleShape(SHAPE);
        return switch (granularity) {
            case PerTensor _ -> 0;
            case PerAxis(int axis) -> coordinate(element, axis);
            case PerBlock(int axis, int blockSize) -> {
                int group = 0;
                for (int at = 0; at < SHAPE.rank(); at++) {
                    int divisor = at == SHAPE.normalize(axis) ? blockSize : 1;
                    group = group * (int) scales.dim(at) + coordinate(element, at) / divisor;
                }
                yield group;
            }
        };
    }

    private static int coordinate(int element, int axis) {
        int at = SHAPE.normalize(axis);
        return (int) (element / SHAPE.product(at + 1, SHAPE.rank()) % SHAPE.dim(at));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("formatsAndGranularities")
    void codes_are_those_of_onnx_runtime(IntegerFormat format, Granularity granularity) {
        Random random = new Random(SEED);
        for (Encoding encoding : encodings(format, granularity, random)) {
            float[] values = values(encoding, random);

            long[] ours =
                    Quantizer.quantize(Tensor.ofFloats(SHAPE, values), encoding).codes().longs();
            long[] theirs = expected(values, encoding);

            for (int i = 0; i < values.length; i++) {
                assertThat(ours[i])
                        .as(
                                "code of element %d, %s, with %s, seed %d",
                                i, values[i], encoding, SEED)
                        .isEqualTo(theirs[i]);
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("formatsAndGranularities")
    void reals_have_the_bits_of_onnx_runtime(IntegerFormat format, Granularity granularity) {
        Random random = new Random(SEED);
        int[] codes = random.ints(SHAPE.elements(), format.min(), format.max() + 1).toArray();
        for (Encoding encoding : encodings(format, granularity, random)) {
            QuantizedTensor quantized =
                    new QuantizedTensor(
                            LinearOperators.codes(format.dataType(), SHAPE, codes), encoding);

            float[] ours = Quantizer.dequantize(quantized).floats();
            float[] theirs = LinearOperators.dequantize(quantized);

            for (int i = 0; i < codes.length; i++) {
                assertThat(Float.floatToRawIntBits(ours[i]))
                        .as(
                                "real of code %d with %s: %s and %s, seed %d",
                                codes[i], encoding, ours[i], theirs[i], SEED)
                        .isEqualTo(Float.floatToRawIntBits(theirs[i]));
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("formatsAndGranularities")
    void fake_quantizing_gives_what_onnx_runtime_gives_for_both_steps(
            IntegerFormat format, Granularity granularity) {
        Random random = new Random(SEED);
        for (Encoding encoding : encodings(format, granularity, random)) {
            float[] values = values(encoding, random);
            int[] codes =
                    LongStream.of(expected(values, encoding))
                            .mapToInt(code -> (int) code)
                            .toArray();
            float[] theirs =
                    LinearOperators.dequantize(
                            new QuantizedTensor(
                                    LinearOperators.codes(format.dataType(), SHAPE, codes),
                                    encoding));

            assertThat(Quantizer.fakeQuantize(Tensor.ofFloats(SHAPE, values), encoding))
                    .isEqualTo(Tensor.ofFloats(SHAPE, theirs));
        }
    }

    static Stream<Arguments> formatsAndLengths() {
        return FORMATS.stream()
                .flatMap(format ->
                        Stream.of(
                                        1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 65, 127, 1001, 4097,
                                        16_385)
                                .map(length -> Arguments.of(format, length)));
    }

    @ParameterizedTest(name = "{0} × {1}")
    @MethodSource("formatsAndLengths")
    void tensors_of_any_length_have_the_codes_of_onnx_runtime(IntegerFormat format, int length) {
        Random random = new Random(SEED);
        Encoding encoding =
                Encoding.ofScale(
                        new Scheme(format, false, Granularity.perTensor()),
                        0.37f,
                        format.max() / 3);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (random.nextGaussian() * format.steps());
        }
        Tensor floats = Tensor.ofFloats(Shape.of(length), values);

        QuantizedTensor ours = Quantizer.quantize(floats, encoding);

        assertThat(ours.codes().longs()).isEqualTo(LinearOperators.quantize(floats, encoding));
        assertThat(Quantizer.dequantize(ours).floats()).isEqualTo(LinearOperators.dequantize(ours));
    }
}
