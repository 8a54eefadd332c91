package dev.nibble.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranspositionTest {
    /** More elements than are exchanged at a time, and shapes that leave a rest. */
    @CsvSource({"1, 1", "1, 7", "7, 1", "1027, 513", "3, 300000", "300000, 3", "0, 4", "4, 0"})
    @ParameterizedTest
    void exchangesRowsAndColumns(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }

        Tensor transposed = Transposition.of(Tensor.ofFloats(Shape.of(rows, columns), values));

        assertThat(transposed.shape()).isEqualTo(Shape.of(columns, rows));
        float[] exchanged = transposed.floats();
        for (int i = 0; i < exchanged.length; i++) {
            assertThat(exchanged[i]).isEqualTo(values[i % rows * columns + i / rows]);
        }
    }
}
