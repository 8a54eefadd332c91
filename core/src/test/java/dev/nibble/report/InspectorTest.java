package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.TestGraphs;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.plan.Recipes;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class InspectorTest {
    private static Model image(TestGraphs graph, long size) {
        Graph built = graph.build();
        return graph.model()
                .with(
                        built.edit(editor ->
                                editor.inputs(
                                        List.of(
                                                ValueInfo.ofTensor(
                                                        "x",
                                                        DataType.FLOAT32,
                                                        Dimension.of("N"),
                                                        Dimension.of(2),
                                                        Dimension.of(size),
                                                        Dimension.of(size))))));
    }

    private static Inspection inspect(Model model) {
        return Inspector.inspect(model, Optional.empty());
    }

    @Test
    void multiplyAddsCountOneSample() {
        Model model =
                image(
                        TestGraphs.graph()
                                .input("x")
                                .output("y")
                                .constant("w", Shape.of(6, 1, 3, 3), 1)
                                .node("c: Conv(x, w) -> h")
                                .with("group", 2)
                                .with("strides", List.of(2L, 2L))
                                .with("pads", List.of(1L, 1L, 1L, 1L))
                                .node("f: Flatten(h) -> flat")
                                .constant("v", Shape.of(54, 5), 1)
                                .node("m: MatMul(flat, v) -> y"),
                        5);
        Inspection inspection = inspect(model);
        // 6 channels of 3 × 3 windows of 1 × 3 × 3 weights; then 54 numbers for each of 5
        assertThat(inspection.compute().multiplyAdds()).isEqualTo(6 * 9 * 9 + 54 * 5);
        assertThat(inspection.compute().unknown()).isEmpty();
        assertThat(inspection.parameters()).isEqualTo(54 + 270);
        assertThat(inspection.parameterBytes()).isEqualTo(4 * (54 + 270));
    }

    @Test
    void nodesOfUnknownShapeAreNamed() {
        Model model =
                TestGraphs.graph()
                        .input("x")
                        .output("y")
                        .constant("w", Shape.of(4, 2), 1)
                        .node("m: MatMul(x, w) -> y")
                        .model();
        assertThat(inspect(model).compute().unknown()).containsExactly("m");
        assertThat(inspect(model).nodes().getFirst().multiplyAdds()).isEmpty();
    }

    @Test
    void aConstantCountsForItsFirstReaderOnly() {
        Model model =
                TestGraphs.graph()
                        .input("x")
                        .output("y")
                        .constant("w", Shape.of(2, 2), 1)
                        .node("m: MatMul(x, w) -> h")
                        .node("n: MatMul(h, w) -> y")
                        .model();
        assertThat(inspect(model).nodes())
                .extracting(InspectedNode::parameterBytes)
                .containsExactly(16L, 0L);
    }

    @Test
    void subgraphsAreCountedIn() {
        Graph branch =
                Graph.of(
                        "branch",
                        List.of(Node.of("a", "Add", List.of("x", "k"), List.of("r"))),
                        List.of(),
                        List.of(ValueInfo.of("r", new ValueInfo.UnrankedTensor(DataType.FLOAT32))),
                        Map.of("k", Tensor.ofFloats(Shape.of(3), 1, 2, 3)));
        Model model =
                TestGraphs.graph()
                        .input("x")
                        .input("c")
                        .output("y")
                        .node("i: If(c) -> y")
                        .with("then_branch", new Attribute.GraphValue(branch))
                        .with("else_branch", new Attribute.GraphValue(branch))
                        .model();
        Inspection inspection = inspect(model);
        assertThat(inspection.operators()).isEqualTo(Map.of("Add", 2L, "If", 1L));
        assertThat(inspection.parameters()).isEqualTo(6);
        assertThat(inspection.nodes())
                .extracting(InspectedNode::node)
                .containsExactly("i", "i/then_branch/a", "i/else_branch/a");
    }

    @Test
    void aRecipeThatTheModelIsTooOldForIsSaidToBeRefused() {
        TestGraphs graph =
                TestGraphs.graph()
                        .input("x")
                        .output("y")
                        .conv("c", "x", "h", 1, 0)
                        .node("d: Dropout(h) -> y");
        Inspection inspection = Inspector.inspect(graph.model(6), Optional.of(Recipes.INT8));
        assertThat(inspection.dryRun().orElseThrow().obstacle().orElseThrow())
                .contains("opset 7")
                .contains("d (Dropout)");
        assertThat(Inspector.inspect(graph.model(13), Optional.of(Recipes.INT8)).dryRun())
                .hasValueSatisfying(prediction -> assertThat(prediction.obstacle()).isEmpty());
    }

    @Test
    void weightsThatTowerOverTheOthersAreNamed() {
        float[] weights = new float[4096];
        weights[17] = 40;
        for (int i = 0; i < weights.length; i++) {
            weights[i] += i % 2 == 0 ? 1 : -1;
        }
        Model model =
                TestGraphs.graph()
                        .input("x")
                        .output("y")
                        .constant("w", Shape.of(64, 64), weights)
                        .node("m: MatMul(x, w) -> y")
                        .model();
        assertThat(inspect(model).warnings())
                .singleElement()
                .satisfies(warning -> {
                    assertThat(warning.node()).isEqualTo("m");
                    assertThat(warning.value()).isEqualTo("w");
                    assertThat(warning.what()).contains("typical");
                });
    }
}
