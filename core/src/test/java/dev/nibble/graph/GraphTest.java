package dev.nibble.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class GraphTest {
    private static final Graph CHAIN =
            TestGraphs.graph()
                    .input("x")
                    .node("a: Relu(x) -> y")
                    .node("b: Add(y, x) -> z")
                    .output("z")
                    .build();

    @Test
    void knowsWhoMakesAndWhoReadsAValue() {
        assertThat(CHAIN.producer("y").map(Node::name)).contains("a");
        assertThat(CHAIN.producer("x")).isEmpty();
        assertThat(CHAIN.consumers("x")).extracting(Node::name).containsExactly("a", "b");
        assertThat(CHAIN.soleConsumer("y").map(Node::name)).contains("b");
        assertThat(CHAIN.soleConsumer("x")).isEmpty();
    }

    @Test
    void doesNotTakeAnOutputOfTheGraphForAPrivateValue() {
        Graph graph =
                TestGraphs.graph()
                        .input("x")
                        .node("a: Relu(x) -> y")
                        .node("b: Relu(y) -> z")
                        .output("y")
                        .output("z")
                        .build();

        assertThat(graph.soleConsumer("y")).isEmpty();
    }

    @Test
    void givesEveryNodeANameOfItsOwn() {
        Graph named =
                TestGraphs.graph()
                        .node(": Relu(x) -> a")
                        .node("same: Relu(x) -> b")
                        .node("same: Relu(x) -> c")
                        .node("Relu_0: Relu(x) -> d")
                        .build()
                        .named();

        assertThat(named.nodes()).extracting(Node::name).doesNotHaveDuplicates().doesNotContain("");
        assertThat(named.nodes()).extracting(Node::name).contains("same", "Relu_0");
    }

    @Test
    void countsWhatASubgraphCapturesAsRead() {
        Graph branch = TestGraphs.graph().node("inner: Relu(outside) -> r").output("r").build();
        Node conditional =
                Node.of("if", "If", List.of("c"), List.of("y"))
                        .with("then_branch", new GraphValue(branch));
        Graph graph = Graph.of("g", List.of(conditional), List.of(), List.of(), Map.of());

        assertThat(branch.captures()).containsExactly("outside");
        assertThat(graph.consumers("outside")).containsExactly(conditional);
    }

    @Test
    void readsConstantsFromInitializersAndFromConstantNodes() {
        Tensor two = Tensor.ofFloats(Shape.scalar(), 2);
        Graph graph =
                TestGraphs.graph()
                        .constant("one", Shape.scalar(), 1)
                        .node("c: Constant() -> two")
                        .with("value", new Attribute.TensorValue(two))
                        .build();

        assertThat(graph.constant("one")).contains(Tensor.ofFloats(Shape.scalar(), 1));
        assertThat(graph.constant("two")).contains(two);
        assertThat(graph.constant("three")).isEmpty();
    }

    @Test
    void keepsTheOrderOfNodesWhenEdited() {
        Graph edited =
                CHAIN.edit(editor -> {
                    Node relu = CHAIN.nodes().getFirst();
                    editor.insertBefore(relu, Node.of("p", "Abs", List.of("x"), List.of("x2")));
                    editor.update(relu, node -> node.withInputs(List.of("x2")));
                    editor.insertAfter(relu, Node.of("q", "Abs", List.of("y"), List.of("y2")));
                    editor.redirect("y", "y2");
                });

        assertThat(TestGraphs.text(edited))
                .isEqualTo(
                        """
                        p: Abs(x) -> x2
                        a: Relu(x2) -> y
                        q: Abs(y) -> y2
                        b: Add(y2, x) -> z
                        """);
        assertThat(TestGraphs.text(CHAIN)).startsWith("a: Relu(x) -> y");
    }

    @Test
    void makesNamesThatNoValueHas() {
        CHAIN.edit(editor -> {
            assertThat(editor.fresh("new")).isEqualTo("new");
            assertThat(editor.fresh("new")).isEqualTo("new_1");
            assertThat(editor.fresh("x")).isEqualTo("x_1");
        });
    }
}
