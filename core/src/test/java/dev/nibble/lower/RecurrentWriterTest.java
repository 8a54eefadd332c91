package dev.nibble.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.TestGraphs;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Weights;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

class RecurrentWriterTest {
    private static Model lowered(Recipe recipe) {
        Model model =
                TestGraphs.graph()
                        .input("x")
                        .constant("w", Shape.of(2, 64, 20), 1)
                        .constant("r", Shape.of(2, 64, 16), 2)
                        .constant("b", Shape.of(2, 128), 0)
                        .node("lstm: LSTM(x, w, r, b) -> y, , c")
                        .with("hidden_size", 16)
                        .output("y")
                        .model(13);
        return QdqLowering.lower(QdqLoweringTest.encode(recipe, model, 6, true));
    }

    @Test
    void anLstmTakesTransposedCodesWithAScaleForEachColumn() {
        Model model = lowered(Recipes.INT8_DYNAMIC);
        Graph graph = model.graph();
        assertThat(TestGraphs.text(graph))
                .isEqualTo(
                        """
                        lstm: DynamicQuantizeLSTM(x, w_transposed_quantized, r_transposed_quantized, b, , , , , w_scale, w_zero_point, r_scale, r_zero_point) -> y, , c
                        """);
        assertThat(model.opsets()).containsEntry("com.microsoft", 1L).containsEntry("", 13L);
        assertThat(graph.nodes().getFirst().integer("hidden_size", 0)).isEqualTo(16);
        assertThat(graph.constant("w_transposed_quantized").orElseThrow().shape())
                .isEqualTo(Shape.of(2, 20, 64));
        assertThat(graph.constant("w_scale").orElseThrow().shape()).isEqualTo(Shape.of(2, 64));
        assertThat(graph.constant("r_zero_point").orElseThrow().type()).isEqualTo(DataType.INT8);
    }

    @Test
    void oneScaleIsWrittenForEachDirection() {
        Recipe recipe =
                Recipe.of(
                        "whole",
                        Weights.perTensor(NumberFormats.UINT8),
                        Recipes.INT8_DYNAMIC.activations());
        Graph graph = lowered(recipe).graph();
        assertThat(graph.constant("w_scale").orElseThrow().shape()).isEqualTo(Shape.of(2));
        assertThat(graph.constant("w_zero_point").orElseThrow().longs()).containsExactly(128, 128);
    }
}
