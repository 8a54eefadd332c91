package dev.nibble.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class WeightChannelsTest {
    private static Node node(String opType, String attribute, long value) {
        return Node.of("n", opType, List.of("x", "w"), List.of("y"))
                .with(attribute, new Attribute.IntValue(value));
    }

    @ParameterizedTest
    @CsvSource({
        // operator, attribute, value, weights, inputs, outputs, last weight's input and output
        "Conv,          group,  1, 4x6x2, 6, 4, 5, 3",
        "Conv,          group,  2, 4x3x2, 6, 4, 5, 3",
        "Conv,          group,  4, 4x1x2, 4, 4, 3, 3",
        "ConvTranspose, group,  1, 4x6x2, 4, 6, 3, 5",
        "ConvTranspose, group,  2, 4x3x2, 4, 6, 3, 5",
        "Gemm,          transB, 0, 4x6,   4, 6, 3, 5",
        "Gemm,          transB, 1, 4x6,   6, 4, 5, 3",
        "MatMul,        other,  0, 4x6,   4, 6, 3, 5"
    })
    void aWeightJoinsOneInputAndOneOutput(
            String opType,
            String attribute,
            long value,
            String weights,
            int inputs,
            int outputs,
            int input,
            int output) {
        long[] dims = List.of(weights.split("x")).stream().mapToLong(Long::parseLong).toArray();
        Shape shape = Shape.of(dims);
        WeightChannels channels =
                WeightChannels.of(node(opType, attribute, value), shape).orElseThrow();

        int last = (int) shape.elements() - 1;
        assertThat(channels.inputs()).isEqualTo(inputs);
        assertThat(channels.outputs()).isEqualTo(outputs);
        assertThat(channels.input(0)).isZero();
        assertThat(channels.output(0)).isZero();
        assertThat(channels.input(last)).isEqualTo(input);
        assertThat(channels.output(last)).isEqualTo(output);
    }

    @Test
    void aGroupSeesItsOwnInputs() {
        WeightChannels channels =
                WeightChannels.of(node("Conv", "group", 2), Shape.of(4, 3, 1)).orElseThrow();

        // the first weight of the third output channel, which is the first of the second group
        assertThat(channels.output(6)).isEqualTo(2);
        assertThat(channels.input(6)).isEqualTo(3);
    }

    @Test
    void otherOperatorsAndRanksHaveNone() {
        assertThat(WeightChannels.of(node("Add", "axis", 0), Shape.of(2, 2))).isEmpty();
        assertThat(WeightChannels.of(node("MatMul", "axis", 0), Shape.of(2, 2, 2))).isEmpty();
    }
}
