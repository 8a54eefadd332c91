package dev.nibble.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.Stream;

class NumberFormatsTest {
    static Stream<Arguments> bounds() {
        return Stream.of(
                arguments("int8", -128, 127, DataType.INT8),
                arguments("uint8", 0, 255, DataType.UINT8),
                arguments("int16", -32768, 32767, DataType.INT16),
                arguments("uint16", 0, 65535, DataType.UINT16),
                arguments("int4", -8, 7, DataType.INT4),
                arguments("uint4", 0, 15, DataType.UINT4),
                arguments("int3", -4, 3, DataType.INT4),
                arguments("uint3", 0, 7, DataType.UINT4),
                arguments("int2", -2, 1, DataType.INT4),
                arguments("uint2", 0, 3, DataType.UINT4),
                arguments("int7", -64, 63, DataType.INT8),
                arguments("uint7", 0, 127, DataType.UINT8),
                arguments("int6", -32, 31, DataType.INT8),
                arguments("uint6", 0, 63, DataType.UINT8),
                arguments("int5", -16, 15, DataType.INT8),
                arguments("uint5", 0, 31, DataType.UINT8));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void aNameFindsItsFormat(String name, int min, int max, DataType type) {
        IntegerFormat format = NumberFormats.named(name);
        assertThat(format.min()).isEqualTo(min);
        assertThat(format.max()).isEqualTo(max);
        assertThat(format.steps()).isEqualTo(max - min);
        assertThat(format.dataType()).isEqualTo(type);
        assertThat(format).hasToString(name);
    }

    @Test
    void everyFormatHasAName() {
        assertThat(bounds().map(row -> row.get()[0]))
                .containsExactlyElementsOf(
                        NumberFormats.ALL.stream().map(IntegerFormat::toString).toList());
    }

    @Test
    void anUnknownNameIsAnsweredWithAllNames() {
        assertThatThrownBy(() -> NumberFormats.named("int9"))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("there is no number format \"int9\"")
                .hasMessageContaining("int8, uint8, int16, uint16, int4, uint4");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 15, 17})
    void codesOfOtherWidthsAreRefused(int bits) {
        assertThatThrownBy(() -> new IntegerFormat(bits, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are no codes of %d bits; allowed are 2 to 8, and 16", bits);
    }

    @Test
    void rangesGoUp() {
        assertThatThrownBy(() -> new Range(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a range goes from a finite min up to a finite max, not 1.0..0.0");
        assertThatThrownBy(() -> new Range(Float.NaN, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void blocksHoldSomething() {
        assertThatThrownBy(() -> new Granularity.PerBlock(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a block holds at least 1 element, not 0");
    }

    @Test
    void theScalesOfBlocksHaveTheShapeOfTheTensorWithTheAxisDivided() {
        Shape shape = Shape.of(4, 10, 3);
        assertThat(new Granularity.PerBlock(1, 4).scaleShape(shape)).isEqualTo(Shape.of(4, 3, 3));
        assertThat(new Granularity.PerAxis(-1).scaleShape(shape)).isEqualTo(Shape.of(3));
        assertThat(Granularity.perTensor().scaleShape(shape)).isEqualTo(Shape.scalar());
    }
}
