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

import java.util.stream.Stream;

class NumberFormatsTest {
    static Stream<Arguments> bounds() {
        return Stream.of(
                arguments("int8", -128, 127),
                arguments("uint8", 0, 255),
                arguments("int16", -32768, 32767),
                arguments("uint16", 0, 65535),
                arguments("int4", -8, 7),
                arguments("uint4", 0, 15));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void aNameFindsItsFormat(String name, int min, int max) {
        IntegerFormat format = NumberFormats.named(name);
        assertThat(format.min()).isEqualTo(min);
        assertThat(format.max()).isEqualTo(max);
        assertThat(format.steps()).isEqualTo(max - min);
    }

    @Test
    void anUnknownNameIsAnsweredWithAllNames() {
        assertThatThrownBy(() -> NumberFormats.named("int7"))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("there is no number format \"int7\"")
                .hasMessageContaining("int8, uint8, int16, uint16, int4, uint4");
    }

    @Test
    void bitsMustFitTheType() {
        assertThatThrownBy(() -> new IntegerFormat(DataType.INT8, 4, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("4 bits do not fit int8; allowed are 2 to 16, as wide as the type");
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
