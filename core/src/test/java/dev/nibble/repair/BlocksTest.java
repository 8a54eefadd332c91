package dev.nibble.repair;

import static dev.nibble.graph.TestGraphs.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.TestGraphs;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Planner;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Collectors;

class BlocksTest {
    @Test
    void cutsAChainAfterEveryThirdLayer() {
        TestGraphs chain = graph().input("v0").output("v5");
        for (int i = 0; i < 5; i++) {
            chain.conv("c" + i, "v" + i, "v" + (i + 1), 1, 0);
        }

        assertThat(blocks(chain)).containsExactly("v0 → v3: c0 c1 c2", "v3 → v5: c3 c4");
    }

    @Test
    void keepsAResidualBlockWholeAndTakesTheLayerInFrontOfItAlong() {
        TestGraphs net =
                graph().input("x")
                        .output("y")
                        .conv("stem", "x", "a", 1, 0)
                        .node("relu: Relu(a) -> b")
                        .conv("left", "b", "c", 1, 0)
                        .node("inner: Relu(c) -> d")
                        .conv("right", "d", "e", 1, 0)
                        .node("add: Add(e, b) -> f")
                        .node("last: Relu(f) -> g")
                        .conv("head", "g", "y", 1, 0);

        assertThat(blocks(net))
                .containsExactly("x → g: stem relu left inner right add last", "g → y: head");
    }

    @Test
    void doesNotCutBetweenALayerAndTheActivationThatItAbsorbs() {
        TestGraphs net =
                graph().input("x")
                        .output("y")
                        .conv("one", "x", "a", 1, 0)
                        .conv("two", "a", "b", 1, 0)
                        .conv("three", "b", "c", 1, 0)
                        .node("relu: Relu(c) -> d")
                        .conv("four", "d", "y", 1, 0);

        assertThat(blocks(net)).containsExactly("x → d: one two three relu", "d → y: four");
    }

    @Test
    void putsPoolingInFrontOfWhatFollowsAndTheEndBehindTheLastLayer() {
        TestGraphs net =
                graph().input("x")
                        .output("y")
                        .conv("a1", "x", "a", 1, 0)
                        .conv("a2", "a", "b", 1, 0)
                        .conv("a3", "b", "c", 1, 0)
                        .node("pool: GlobalAveragePool(c) -> d")
                        .conv("head", "d", "e", 1, 0)
                        .node("flat: Flatten(e) -> y");

        assertThat(blocks(net)).containsExactly("x → c: a1 a2 a3", "c → y: pool head flat");
    }

    @Test
    void givesABlockTheNodesThatComputeItsConstants() {
        TestGraphs net =
                graph().input("x")
                        .output("y")
                        .constant("pads", Shape.of(8), 0)
                        .node("double: Add(pads, pads) -> twice")
                        .conv("one", "x", "a", 1, 0)
                        .node("pad: Pad(a, twice) -> b")
                        .conv("two", "b", "y", 1, 0);

        assertThat(blocks(net)).containsExactly("x → y: double one pad two");
    }

    @Test
    void leavesOutWhatEndsInSeveralOutputs() {
        TestGraphs net =
                graph().input("x")
                        .output("y")
                        .output("z")
                        .conv("trunk", "x", "a", 1, 0)
                        .conv("left", "a", "y", 1, 0)
                        .conv("right", "a", "z", 1, 0);

        assertThat(blocks(net)).containsExactly("x → a: trunk");
    }

    @Test
    void aLayerIsANodeWithTheActivationsAbsorbedByIt() {
        TestGraphs net =
                graph().input("x")
                        .output("y")
                        .conv("one", "x", "a", 1, 0)
                        .node("relu: Relu(a) -> b")
                        .conv("two", "b", "y", 1, 0);
        Graph graph = net.build();

        assertThat(text(Blocks.layers(graph, plan(graph))))
                .containsExactly("x → b: one relu", "b → y: two");
    }

    private static List<String> blocks(TestGraphs net) {
        Graph graph = net.build();
        return text(Blocks.of(graph, plan(graph)));
    }

    private static Plan plan(Graph graph) {
        return Planner.plan(Recipes.INT8, Target.ONNX_RUNTIME_CPU, graph, Plan.NONE);
    }

    private static List<String> text(List<Block> blocks) {
        return blocks.stream()
                .map(block ->
                        String.join(" ", block.inputs())
                                + " → "
                                + block.output()
                                + ": "
                                + block.nodes().stream()
                                        .map(Node::name)
                                        .collect(Collectors.joining(" ")))
                .toList();
    }
}
