package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Map;

class OutputComparisonTest {
    private static Tensor row(float... values) {
        return Tensor.ofFloats(Shape.of(values.length), values);
    }

    @Test
    void outputsOfOtherLengthsAreLeftOutOfTheError() {
        Map<String, Tensor> reference = Map.of("boxes", row(1, 2, 3), "scores", row(4, 5));
        Map<String, Tensor> actual = Map.of("boxes", row(1, 2), "scores", row(4, 6));
        OutputComparison one = OutputComparison.of("scores", reference, actual);
        assertThat(one.errors()).containsOnlyKeys("scores");
        assertThat(one.total().errorSquares()).isEqualTo(1);
        assertThat(one.samples()).isEqualTo(1);

        OutputComparison both = one.merge(OutputComparison.of("scores", reference, reference));
        assertThat(both.errors()).containsOnlyKeys("boxes", "scores");
        assertThat(both.samples()).isEqualTo(2);
    }
}
