package dev.nibble.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

class TaskGuessTest {
    private static Graph ending(String operator, String output, DataType input, int rank) {
        Dimension[] dims = new Dimension[rank];
        Arrays.fill(dims, Dimension.of("n"));
        return Graph.of(
                "g",
                List.of(
                        Node.of("last", operator, List.of("x"), List.of("a")),
                        Node.of("form", "Reshape", List.of("a", "shape"), List.of(output))),
                List.of(ValueInfo.ofTensor("x", input, dims)),
                List.of(ValueInfo.ofTensor(output, DataType.FLOAT32)),
                Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "Gemm, y, FLOAT32, 4, 1x1000, CLASSIFICATION, a row of scores",
        "Softmax, y, FLOAT32, 4, 1x1000x1x1, CLASSIFICATION, the same in other shape",
        "Gemm, features, FLOAT32, 4, 1x256, EMBEDDING, by its name",
        "LpNormalization, y, FLOAT32, 4, 1x256, EMBEDDING, rows of length 1",
        "Softmax, feature_scores, FLOAT32, 4, 1x9, CLASSIFICATION, probabilities are no features",
        "Gemm, y, FLOAT32, 2, 1x1, REGRESSION, one number",
        "Conv, y, FLOAT32, 4, 1x21x33x33, SEGMENTATION, several channels",
        "Sigmoid, y, FLOAT32, 4, 1x1x144x256, SEGMENTATION, a mask",
        "DepthToSpace, y, FLOAT32, 4, 1x1x672x672, TENSOR, one channel of a picture",
        "Tanh, y, FLOAT32, 4, 1x3x256x256, TENSOR, a picture",
        "Softmax, y, FLOAT32, 3, 1x40x97, SEQUENCE, probabilities for each step",
        "Gemm, y, INT64, 2, 1x40x2, SEQUENCE, tokens go in",
        "Concat, y, FLOAT32, 4, 1x4420x4, TENSOR, boxes",
        "Conv, y, FLOAT32, 5, 1x2x3x4x5, TENSOR, of no form that is known"
    })
    void the_first_output_tells(
            String operator,
            String name,
            DataType input,
            int rank,
            String dims,
            Task task,
            String why) {
        long[] extents = Arrays.stream(dims.split("x")).mapToLong(Long::parseLong).toArray();
        Shape shape = Shape.of(extents);
        Tensor output = Tensor.ofFloats(shape, new float[(int) shape.elements()]);

        TaskGuess guess = TaskGuess.of(ending(operator, name, input, rank), name, output);

        assertThat(guess.task()).as(why + "; " + guess.why()).isEqualTo(task);
    }

    @Test
    void division_by_the_root_of_a_sum_of_squares_makes_an_embedding() {
        Graph graph =
                Graph.of(
                        "g",
                        List.of(
                                Node.of("l", "ReduceL2", List.of("x"), List.of("l")),
                                Node.of("c", "Clip", List.of("l"), List.of("c")),
                                Node.of("d", "Div", List.of("x", "c"), List.of("y"))),
                        List.of(ValueInfo.ofTensor("x", DataType.FLOAT32)),
                        List.of(ValueInfo.ofTensor("y", DataType.FLOAT32)),
                        Map.of());

        assertThat(TaskGuess.of(graph, "y", Tensor.ofFloats(Shape.of(1, 8), new float[8])).task())
                .isEqualTo(Task.EMBEDDING);
    }

    @Test
    void whole_numbers_are_a_tensor() {
        Tensor classes = Tensor.ofLongs(Shape.of(1, 3), 1, 2, 3);

        assertThat(TaskGuess.of(ending("ArgMax", "y", DataType.FLOAT32, 4), "y", classes).task())
                .isEqualTo(Task.TENSOR);
    }
}
