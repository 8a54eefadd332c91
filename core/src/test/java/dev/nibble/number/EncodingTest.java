package dev.nibble.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

class EncodingTest {
    private static final Scheme UINT8 =
            new Scheme(NumberFormats.UINT8, false, Granularity.perTensor());
    private static final Scheme INT8 =
            new Scheme(NumberFormats.INT8, false, Granularity.perTensor());
    private static final Scheme SYMMETRIC_INT8 =
            new Scheme(NumberFormats.INT8, true, Granularity.perTensor());
    private static final Scheme SYMMETRIC_UINT8 =
            new Scheme(NumberFormats.UINT8, true, Granularity.perTensor());

    static Stream<Arguments> ranges() {
        return Stream.of(
                arguments("a range from 0 has the lowest code for 0", UINT8, 0f, 255f, 1f, 0),
                arguments("signed codes start at the lowest, too", INT8, 0f, 255f, 1f, -128),
                arguments("a range up to 0 has the highest code for 0", UINT8, -255f, 0f, 1f, 255),
                arguments("a range across 0 moves the zero point", UINT8, -100f, 155f, 1f, 100),
                arguments("the zero point is rounded to a code", UINT8, -100.4f, 154.6f, 1f, 100),
                arguments("its ties go to the even code", UINT8, -100.5f, 154.5f, 1f, 100),
                arguments("a range above 0 is widened to 0", UINT8, 200f, 255f, 1f, 0),
                arguments("a range below 0 is widened to 0", UINT8, -255f, -200f, 1f, 255),
                arguments("only zeros have scale 1", UINT8, 0f, 0f, 1f, 0),
                arguments("only zeros, signed", SYMMETRIC_INT8, 0f, 0f, 1f, 0),
                arguments("one positive value is the upper end", UINT8, 510f, 510f, 2f, 0),
                arguments(
                        "symmetric takes the larger magnitude", SYMMETRIC_INT8, -10f, 254f, 2f, 0),
                arguments("of either side", SYMMETRIC_INT8, -254f, 10f, 2f, 0),
                arguments(
                        "symmetric unsigned codes have 0 in the middle",
                        SYMMETRIC_UINT8,
                        -127f,
                        5f,
                        1f,
                        128),
                arguments(
                        "the smallest range has the smallest normal scale",
                        UINT8,
                        0f,
                        Float.MIN_VALUE,
                        Float.MIN_NORMAL,
                        0),
                arguments(
                        "a width beyond the floats does not overflow",
                        UINT8,
                        -0x1p127f,
                        0x1p127f,
                        0x1p128 / 255,
                        127));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ranges")
    void followsFromARange(
            String why, Scheme scheme, float min, float max, Number scale, int zeroPoint) {
        Encoding encoding = Encoding.ofRange(scheme, new Range(min, max));
        assertThat(encoding.scale(0)).as(why).isEqualTo(scale.floatValue());
        assertThat(encoding.zeroPoint(0)).as(why).isEqualTo(zeroPoint);
    }

    @Test
    void theTextbooksSpellingIsTheSameMap() {
        float min = -3.1f;
        float max = 6.9f;
        Encoding encoding = Encoding.ofRange(UINT8, new Range(min, max));
        for (float x = min; x <= max; x += 0.0117f) {
            double textbook = Math.rint((x - min) / (max - min) * 255.0);
            double code = Math.rint(x / encoding.scale(0)) + encoding.zeroPoint(0);
            assertThat(code).as("code of %s", x).isCloseTo(textbook, within(1.0));
        }
        assertThat(Math.rint(min / encoding.scale(0)) + encoding.zeroPoint(0)).isZero();
        assertThat(Math.rint(max / encoding.scale(0)) + encoding.zeroPoint(0)).isEqualTo(255);
    }

    static Stream<Scheme> schemes() {
        return NumberFormats.ALL.stream()
                .flatMap(format ->
                        Stream.of(
                                new Scheme(format, false, Granularity.perTensor()),
                                new Scheme(format, true, Granularity.perTensor())));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void scaleAndZeroPointComeBackFromTheRange(Scheme scheme) {
        long seed = 99;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            float scale = (float) Math.exp(random.nextGaussian() * 10);
            IntegerFormat format = scheme.format();
            int middle = format.signed() ? 0 : 1 << (format.bits() - 1);
            int zeroPoint =
                    scheme.symmetric() ? middle : random.nextInt(format.min(), format.max() + 1);
            Encoding encoding = Encoding.ofScale(scheme, scale, zeroPoint);
            Encoding back = Encoding.ofRange(scheme, encoding.range(0));
            assertThat(back.zeroPoint(0)).as("seed %d, %s", seed, encoding).isEqualTo(zeroPoint);
            assertThat(Math.abs((double) back.scale(0) - scale))
                    .as("seed %d, %s", seed, encoding)
                    .isLessThanOrEqualTo(Math.ulp(scale));
        }
    }

    @Test
    void aRangeBeyondTheFloatsEndsAtTheLargestFloat() {
        Encoding encoding = Encoding.ofScale(UINT8, Float.MAX_VALUE, 128);
        assertThat(encoding.range(0)).isEqualTo(new Range(-Float.MAX_VALUE, Float.MAX_VALUE));
    }

    @Test
    void symmetricSchemesLeaveTheLowestCodeOutOfTheRange() {
        assertThat(Encoding.ofScale(SYMMETRIC_INT8, 2, 0).range(0)).isEqualTo(new Range(-254, 254));
        assertThat(Encoding.ofScale(SYMMETRIC_UINT8, 2, 128).range(0))
                .isEqualTo(new Range(-254, 254));
        assertThat(Encoding.ofScale(INT8, 2, 0).range(0)).isEqualTo(new Range(-256, 254));
    }

    @Test
    void eachGroupHasItsOwnNumbers() {
        Scheme scheme = new Scheme(NumberFormats.INT8, true, new Granularity.PerAxis(0));
        Encoding encoding =
                Encoding.ofRanges(
                        scheme, Shape.of(2), List.of(new Range(-1.27f, 0), new Range(0, 254)));
        assertThat(encoding.scales()).containsExactly(0.01f, 2f);
        assertThat(encoding.range(1)).isEqualTo(new Range(-254, 254));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(
                        1f,
                        300,
                        "zero point 300 does not fit 0..255; use another format or clamp it"),
                arguments(0f, 0, "scale 0.0 is not a finite positive number"),
                arguments(-1f, 0, "scale -1.0 is not a finite positive number"),
                arguments(Float.NaN, 0, "scale NaN is not a finite positive number"),
                arguments(
                        Float.POSITIVE_INFINITY,
                        0,
                        "scale Infinity is not a finite positive number"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("refusals")
    void numbersThatCannotBeAreRefused(float scale, int zeroPoint, String message) {
        assertThatThrownBy(() -> Encoding.ofScale(UINT8, scale, zeroPoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void asManyScalesAsTheShapeSays() {
        Scheme scheme = new Scheme(NumberFormats.INT8, true, new Granularity.PerAxis(0));
        assertThatThrownBy(() -> new Encoding(scheme, Shape.of(3), new float[2], new int[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 scales and 2 zero points do not fit shape [3]");
    }

    @Test
    void groupsWithOneZeroPointAreEqualHoweverTheyAreMade() {
        Scheme blocks = new Scheme(NumberFormats.INT4, true, new Granularity.PerBlock(0, 2));
        float[] scales = {1, 2, 3};
        Encoding same = new Encoding(blocks, Shape.of(3, 1), scales, new int[] {0, 0, 0});
        Encoding other = new Encoding(blocks, Shape.of(3, 1), scales, new int[] {0, 1, 0});

        assertThat(same.zeroPoints()).containsExactly(0, 0, 0);
        assertThat(same.zeroPoint(2)).isZero();
        assertThat(other.zeroPoints()).containsExactly(0, 1, 0);
        assertThat(other.zeroPoint(1)).isOne();
        assertThat(same).isNotEqualTo(other);
        assertThat(same.scaleTensor().floats()).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> same.zeroPoint(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
