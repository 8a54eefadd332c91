package dev.nibble.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

class QuantizerTest {
    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    static Stream<IntegerFormat> formats() {
        return NumberFormats.ALL.stream();
    }

    static Stream<Arguments> schemesAndRanges() {
        return formats()
                .flatMap(format ->
                        Stream.of(true, false)
                                .map(symmetric ->
                                        new Scheme(format, symmetric, Granularity.perTensor())))
                .flatMap(scheme ->
                        Stream.of(
                                arguments(scheme, new Range(-1, 1), "even"),
                                arguments(scheme, new Range(0, 6), "ReLU6"),
                                arguments(scheme, new Range(-0.3f, 17), "uneven"),
                                arguments(scheme, new Range(3, 4), "above 0"),
                                arguments(scheme, new Range(-1e-30f, 1e-30f), "tiny"),
                                // with 2 bits, the zero point on a code moves an end by a third of
                                // it
                                arguments(scheme, new Range(-2.5e38f, 2.5e38f), "huge")));
    }

    @ParameterizedTest(name = "{0}, {2}: {1}")
    @MethodSource("schemesAndRanges")
    void inTheRangeTheErrorIsAtMostHalfAStep(Scheme scheme, Range range, String why) {
        long seed = 5;
        Random random = new Random(seed);
        float[] values = new float[5001];
        for (int i = 2; i < values.length; i++) {
            values[i] =
                    (float)
                            (range.min()
                                    + random.nextDouble() * ((double) range.max() - range.min()));
        }
        values[0] = range.min();
        values[1] = range.max();
        Tensor tensor = Tensor.ofFloats(Shape.of(values.length), values);
        Encoding encoding = Encoding.ofRange(scheme, range);
        float[] back = Quantizer.fakeQuantize(tensor, encoding).floats();
        // the quotient and the product are rounded to floats, each by up to 2^-24 of as many steps
        double allowed = encoding.scale(0) * (0.5 + scheme.format().steps() * 0x1p-22);
        for (int i = 0; i < values.length; i++) {
            assertThat(Math.abs((double) back[i] - values[i]))
                    .as("%s: error of %s, seed %d", why, values[i], seed)
                    .isLessThanOrEqualTo(allowed);
        }
        for (long code : Quantizer.quantize(tensor, encoding).codes().longs()) {
            assertThat(code).isGreaterThanOrEqualTo(scheme.lowestCode());
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyCodeComesBack(IntegerFormat format) {
        for (int zeroPoint :
                new int[] {format.min(), format.max(), (format.min() + format.max()) / 2}) {
            Encoding encoding =
                    Encoding.ofScale(
                            new Scheme(format, false, Granularity.perTensor()), 0.013f, zeroPoint);
            float[] reals = new float[format.steps() + 1];
            for (int i = 0; i < reals.length; i++) {
                reals[i] = (float) (format.min() + i - zeroPoint) * 0.013f;
            }
            QuantizedTensor quantized =
                    Quantizer.quantize(Tensor.ofFloats(Shape.of(reals.length), reals), encoding);
            long[] codes = quantized.codes().longs();
            for (int i = 0; i < codes.length; i++) {
                assertThat(codes[i]).isEqualTo(format.min() + i);
            }
            assertThat(Quantizer.dequantize(quantized).floats()).isEqualTo(reals);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void specialValuesSaturate(IntegerFormat format) {
        Scheme scheme = new Scheme(format, true, Granularity.perTensor());
        Encoding encoding = Encoding.ofRange(scheme, new Range(-1, 1));
        Tensor values =
                Tensor.ofFloats(
                        Shape.of(7),
                        NAN,
                        INFINITY,
                        -INFINITY,
                        -0f,
                        0f,
                        Float.MAX_VALUE,
                        -Float.MAX_VALUE);
        long zero = encoding.zeroPoint(0);
        assertThat(Quantizer.quantize(values, encoding).codes().longs())
                .containsExactly(
                        format.min(),
                        format.max(),
                        format.min(),
                        zero,
                        zero,
                        format.max(),
                        format.min());
    }

    static Stream<Arguments> granularities() {
        return Stream.of(
                arguments(new Granularity.PerAxis(0), Shape.of(5, 3, 7)),
                arguments(new Granularity.PerAxis(1), Shape.of(5, 3, 7)),
                arguments(new Granularity.PerAxis(2), Shape.of(5, 3, 7)),
                arguments(new Granularity.PerAxis(-2), Shape.of(5, 3, 7)),
                arguments(new Granularity.PerAxis(0), Shape.of(9)),
                arguments(new Granularity.PerAxis(1), Shape.of(130, 70)),
                arguments(new Granularity.PerAxis(0), Shape.of(3, 5000)),
                arguments(new Granularity.PerBlock(0, 2), Shape.of(5, 3, 7)),
                arguments(new Granularity.PerBlock(1, 2), Shape.of(5, 3, 7)),
                arguments(new Granularity.PerBlock(2, 3), Shape.of(5, 3, 7)),
                arguments(new Granularity.PerBlock(-1, 32), Shape.of(40, 131)),
                arguments(new Granularity.PerBlock(0, 32), Shape.of(131, 40)),
                arguments(new Granularity.PerBlock(0, 4), Shape.of(9)),
                arguments(new Granularity.PerBlock(1, 100), Shape.of(2, 3)),
                arguments(Granularity.perTensor(), Shape.of(5, 3, 7)));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("granularities")
    void eachElementHasTheScaleAndZeroPointOfItsGroup(Granularity granularity, Shape shape) {
        Random random = new Random(11);
        int[] zeroPoints = random.ints(granularity.scaleShape(shape).elements(), -20, 20).toArray();
        checkEachElement(granularity, shape, zeroPoints, random);
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("granularities")
    void groupsMayShareTheZeroPoint(Granularity granularity, Shape shape) {
        int[] zeroPoints = new int[Math.toIntExact(granularity.scaleShape(shape).elements())];
        Arrays.fill(zeroPoints, -3);
        checkEachElement(granularity, shape, zeroPoints, new Random(12));
    }

    private static void checkEachElement(
            Granularity granularity, Shape shape, int[] zeroPoints, Random random) {
        Shape scaleShape = granularity.scaleShape(shape);
        float[] scales = new float[zeroPoints.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = 0.5f + random.nextFloat();
        }
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * 30;
        }
        Tensor tensor = Tensor.ofFloats(shape, values);
        for (IntegerFormat format : List.of(NumberFormats.INT8, NumberFormats.INT16)) {
            Encoding encoding =
                    new Encoding(
                            new Scheme(format, false, granularity), scaleShape, scales, zeroPoints);
            QuantizedTensor quantized = Quantizer.quantize(tensor, encoding);
            long[] codes = quantized.codes().longs();
            float[] reals = Quantizer.dequantize(quantized).floats();
            float[] fake = Quantizer.fakeQuantize(tensor, encoding).floats();
            for (int i = 0; i < codes.length; i++) {
                int group = naiveGroup(granularity, shape, i);
                double code = Math.rint(values[i] / scales[group]) + zeroPoints[group];
                int expected = (int) Math.clamp(code, format.min(), format.max());
                assertThat(codes[i]).as("element %d", i).isEqualTo(expected);
                assertThat(reals[i]).isEqualTo((expected - zeroPoints[group]) * scales[group]);
                assertThat(fake[i]).isEqualTo(reals[i]);
            }
        }
    }

    /** By the coordinates, as the definition has it. */
    private static int naiveGroup(Granularity granularity, Shape shape, int element) {
        int rank = shape.rank();
        long[] at = new long[rank];
        long rest = element;
        for (int axis = rank - 1; axis >= 0; axis--) {
            at[axis] = rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return switch (granularity) {
            case Granularity.PerTensor() -> 0;
            case Granularity.PerAxis(int axis) -> Math.toIntExact(at[shape.normalize(axis)]);
            case Granularity.PerBlock(int axis, int blockSize) -> {
                at[shape.normalize(axis)] /= blockSize;
                Shape scales = granularity.scaleShape(shape);
                long group = 0;
                for (int i = 0; i < rank; i++) {
                    group = group * scales.dim(i) + at[i];
                }
                yield Math.toIntExact(group);
            }
        };
    }

    static Stream<Arguments> packings() {
        return Stream.of(
                arguments(
                        "the first code is in the low half",
                        NumberFormats.UINT4,
                        new float[] {1, 2},
                        new int[] {0x21}),
                arguments(
                        "the high half of an odd end is 0",
                        NumberFormats.UINT4,
                        new float[] {1, 2, 15},
                        new int[] {0x21, 0x0F}),
                arguments(
                        "negative codes are their low 4 bits",
                        NumberFormats.INT4,
                        new float[] {-1, -8, 7},
                        new int[] {0x8F, 0x07}),
                arguments(
                        "an odd end saturates infinity",
                        NumberFormats.INT4,
                        new float[] {0, 0, INFINITY},
                        new int[] {0x00, 0x07}),
                arguments(
                        "and takes the lowest code for NaN",
                        NumberFormats.INT4,
                        new float[] {NAN},
                        new int[] {0x08}),
                arguments(
                        "codes of 3 bits take 4, sign and all",
                        NumberFormats.INT3,
                        new float[] {-1, -9, 9},
                        new int[] {0xCF, 0x03}),
                arguments(
                        "so do those of 2 bits",
                        NumberFormats.INT2,
                        new float[] {-9, 9, -1},
                        new int[] {0x1E, 0x0F}),
                arguments(
                        "and those without a sign",
                        NumberFormats.UINT2,
                        new float[] {2, 9},
                        new int[] {0x32}),
                arguments(
                        "codes of 5 bits take 8",
                        NumberFormats.INT5,
                        new float[] {-99, 99},
                        new int[] {0xF0, 0x0F}),
                arguments(
                        "16 bits are little-endian",
                        NumberFormats.UINT16,
                        new float[] {513},
                        new int[] {0x01, 0x02}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packings")
    void codesArePackedAsOnnxPacksThem(
            String why, IntegerFormat format, float[] values, int[] bytes) {
        Encoding encoding =
                Encoding.ofScale(new Scheme(format, false, Granularity.perTensor()), 1, 0);
        Tensor codes =
                Quantizer.quantize(Tensor.ofFloats(Shape.of(values.length), values), encoding)
                        .codes();
        byte[] packed = codes.data().toArray(ValueLayout.JAVA_BYTE);
        assertThat(packed).as(why).hasSize(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            assertThat(Byte.toUnsignedInt(packed[i])).as(why).isEqualTo(bytes[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void scalarsAndEmptyTensorsArePossible(IntegerFormat format) {
        Encoding encoding =
                Encoding.ofScale(
                        new Scheme(format, false, Granularity.perTensor()), 1, format.max());
        QuantizedTensor scalar = Quantizer.quantize(Tensor.ofFloats(Shape.scalar(), -2f), encoding);
        assertThat(scalar.shape()).isEqualTo(Shape.scalar());
        assertThat(scalar.codes().longs()).containsExactly(format.max() - 2);
        QuantizedTensor empty = Quantizer.quantize(Tensor.ofFloats(Shape.of(3, 0)), encoding);
        assertThat(empty.codes().elements()).isZero();
        assertThat(Quantizer.dequantize(empty)).isEqualTo(Tensor.ofFloats(Shape.of(3, 0)));
    }

    @Test
    void anEmptyAxisHasNoScales() {
        Scheme scheme = new Scheme(NumberFormats.INT8, true, new Granularity.PerAxis(0));
        Encoding encoding = new Encoding(scheme, Shape.of(0), new float[0], new int[0]);
        assertThat(Quantizer.quantize(Tensor.ofFloats(Shape.of(0, 4)), encoding).codes().elements())
                .isZero();
    }

    @Test
    void memoryOutsideTheHeapIsRead() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(10_000 * Float.BYTES, Float.BYTES);
            data.setAtIndex(ValueLayout.JAVA_FLOAT, 9_999, 42);
            Encoding encoding =
                    Encoding.ofScale(
                            new Scheme(NumberFormats.INT8, true, Granularity.perTensor()), 1, 0);
            Tensor codes =
                    Quantizer.quantize(
                                    new Tensor(DataType.FLOAT32, Shape.of(10_000), data), encoding)
                            .codes();
            assertThat(codes.longs()[9_999]).isEqualTo(42);
        }
    }

    @Test
    void integersAreRefused() {
        Encoding encoding =
                Encoding.ofScale(
                        new Scheme(NumberFormats.INT8, true, Granularity.perTensor()), 1, 0);
        assertThatThrownBy(() -> Quantizer.quantize(Tensor.ofInts(Shape.of(2), 1, 2), encoding))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "only floating-point tensors can be quantized, not int32 [2]; convert it to"
                                + " float32 first");
    }

    @Test
    void anEncodingForAnotherShapeIsRefused() {
        Scheme scheme = new Scheme(NumberFormats.INT8, true, new Granularity.PerAxis(0));
        Encoding encoding = new Encoding(scheme, Shape.of(2), new float[] {1, 1}, new int[2]);
        assertThatThrownBy(
                        () -> Quantizer.quantize(Tensor.ofFloats(Shape.of(3), 1, 2, 3), encoding))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "shape [3] takes 3 scales per axis 0, not 2; make the encoding for this"
                                + " shape");
    }

    @Test
    void codesOfAnotherTypeAreRefused() {
        Encoding encoding =
                Encoding.ofScale(
                        new Scheme(NumberFormats.INT8, true, Granularity.perTensor()), 1, 0);
        assertThatThrownBy(() ->
                        new QuantizedTensor(
                                Tensor.ofBytes(DataType.UINT8, Shape.of(1), (byte) 1), encoding))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "codes of type uint8 do not fit the encoding int8 symmetric per tensor,"
                                + " scale 1.0, zero point 0");
    }
}
