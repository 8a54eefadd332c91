package dev.nibble.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class AutoRecipeTest {
    private static final Node CONV = Node.of("c", "Conv", List.of("x", "small"), List.of("y"));
    private static final Node MATMUL = Node.of("m", "MatMul", List.of("y", "big"), List.of("z"));
    private static final Node LSTM = Node.of("l", "LSTM", List.of("z", "w", "r"), List.of("s"));

    @Test
    void samplesMeanInt8() {
        assertThat(AutoRecipe.of(graph(LSTM), true).recipe()).isEqualTo(Recipes.INT8);
    }

    @Test
    void withoutSamplesItDependsOnWhereTheWeightsAre() {
        assertThat(AutoRecipe.of(graph(CONV), false).recipe()).isEqualTo(Recipes.INT8_WEIGHTS);
        assertThat(AutoRecipe.of(graph(CONV, MATMUL), false).recipe())
                .isEqualTo(Recipes.INT8_DYNAMIC);
        AutoRecipe recurrent = AutoRecipe.of(graph(CONV, LSTM), false);
        assertThat(recurrent.recipe()).isEqualTo(Recipes.INT8_DYNAMIC);
        assertThat(recurrent.why()).contains("recurrent", "--data", "int8-weights");
    }

    private static Graph graph(Node... nodes) {
        return Graph.of(
                "net",
                List.of(nodes),
                List.of(),
                List.of(),
                Map.of("small", weights(4), "big", weights(100)));
    }

    private static Tensor weights(int count) {
        return Tensor.ofFloats(Shape.of(count), new float[count]);
    }
}
