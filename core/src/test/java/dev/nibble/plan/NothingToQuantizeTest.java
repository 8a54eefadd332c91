package dev.nibble.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.TestGraphs;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class NothingToQuantizeTest {
    private static Optional<String> sentence(Recipe recipe, Graph graph) {
        return NothingToQuantize.sentence(
                graph, Planner.plan(recipe, Target.ONNX_RUNTIME_CPU, graph, Plan.NONE));
    }

    @Test
    void saysNothingWhereSomethingIsQuantized() {
        Graph graph = TestGraphs.graph().input("x").conv("c", "x", "y", 1, 0).output("y").build();
        assertThat(sentence(Recipes.INT8, graph)).isEmpty();
    }

    @Test
    void countsOperatorsAndSaysWhyEachStaysFloat() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .node("a: Tanh(x) -> a")
                        .node("b: Tanh(a) -> b")
                        .node("c: Shape(b) -> c")
                        .node("d: Softmax(b) -> d")
                        .node("e: Exp(d) -> e")
                        .output("e")
                        .build();
        assertThat(sentence(Recipes.INT8, graph))
                .contains(
                        "there is nothing to quantize: no node has constant float weights that are"
                            + " smaller as codes (2 Tanh: the target has no integer kernel for"
                            + " Tanh; 1 Shape: what it makes are shapes, indices or truth values,"
                            + " no floats; 1 Softmax: most of what it makes is near 0, which 8 bits"
                            + " do not tell apart; and 1 more); use the network as it is");
    }

    @Test
    void knowsClassicMachineLearning() {
        Node trees =
                new Node(
                        "t",
                        "TreeEnsembleRegressor",
                        "ai.onnx.ml",
                        List.of("x"),
                        List.of("y"),
                        Map.of(),
                        Extras.NONE);
        Graph graph = Graph.of("trees", List.of(trees), List.of(), List.of(), Map.of());
        assertThat(sentence(Recipes.INT8_WEIGHTS, graph).orElseThrow())
                .contains("1 TreeEnsembleRegressor: it compares with thresholds");
    }

    @Test
    void asksToNameFewerNodes() {
        Graph graph = TestGraphs.graph().input("x").conv("c", "x", "y", 1, 0).output("y").build();
        Recipe recipe = Recipes.INT8.keepingFloat(List.of(new NamePattern("c")));
        assertThat(sentence(recipe, graph).orElseThrow())
                .endsWith("name fewer nodes that are to stay float");
    }
}
