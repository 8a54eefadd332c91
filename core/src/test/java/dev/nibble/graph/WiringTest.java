package dev.nibble.graph;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

class WiringTest {
    private static final ValueInfo X = ValueInfo.ofTensor("x", DataType.FLOAT32);
    private static final ValueInfo Y = ValueInfo.ofTensor("y", DataType.FLOAT32);
    private static final Tensor W = Tensor.ofFloats(Shape.scalar(), 1);

    @Test
    void takesWhatIsMadeBeforeItIsRead() {
        Graph inner = graph(List.of(), node("n", List.of("x", "h"), "y"));
        Node choice =
                Node.of("if", "If", List.of("w"), List.of("y"))
                        .with("then_branch", new Attribute.GraphValue(inner));
        assertThatCode(() ->
                        Wiring.check(
                                graph(List.of(X), node("a", List.of("x", ""), "h"), choice),
                                Set.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void namesANodeThatReadsWhatNothingMakes() {
        refused(
                graph(List.of(X), node("a", List.of("x", "gone"), "y")),
                "node \"a\" (Add) reads \"gone\", which is no input, no constant and made by no"
                        + " node");
    }

    @Test
    void takesNamesThatAreKeptAside() {
        Graph graph = graph(List.of(X), node("a", List.of("x", "sparse"), "y"));
        assertThatCode(() -> Wiring.check(graph, Set.of("sparse"))).doesNotThrowAnyException();
    }

    @Test
    void namesBothEndsOfACircle() {
        refused(
                graph(
                        List.of(X),
                        node("a", List.of("x", "q"), "p"),
                        node("b", List.of("p"), "q"),
                        node("c", List.of("q"), "y")),
                "node \"a\" (Add) reads \"q\", which node \"b\" (Add) makes only afterwards",
                "in a circle");
    }

    @Test
    void namesANodeThatReadsItself() {
        refused(
                graph(List.of(X), node("a", List.of("y"), "y")),
                "node \"a\" (Add) reads \"y\", which node \"a\" (Add) makes only afterwards");
    }

    @Test
    void refusesValuesThatAreMadeTwice() {
        refused(
                graph(List.of(X), node("a", List.of("x"), "y"), node("b", List.of("x"), "y")),
                "value \"y\" is made by node \"b\" (Add), but also by node \"a\" (Add)");
        refused(
                graph(List.of(X), node("a", List.of("x"), "w"), node("b", List.of("w"), "y")),
                "value \"w\" is made by node \"a\" (Add), but also by an input or constant");
        refused(graph(List.of(X, X), node("a", List.of("x"), "y")), "two inputs called \"x\"");
    }

    @Test
    void namesAnOutputThatNothingMakes() {
        refused(graph(List.of(X), node("a", List.of("x"), "z")), "nothing makes the output \"y\"");
    }

    @Test
    void looksIntoSubgraphs() {
        Graph inner = graph(List.of(), node("n", List.of("later"), "y"));
        Node choice =
                Node.of("if", "If", List.of("x"), List.of("y"))
                        .with("then_branch", new Attribute.GraphValue(inner));
        refused(
                graph(List.of(X), choice, node("a", List.of("x"), "later")),
                "node \"n\" (Add) reads \"later\"");
    }

    private static Node node(String name, List<String> inputs, String output) {
        return Node.of(name, "Add", inputs, List.of(output));
    }

    private static Graph graph(List<ValueInfo> inputs, Node... nodes) {
        return Graph.of("g", List.of(nodes), inputs, List.of(Y), Map.of("w", W));
    }

    private static void refused(Graph graph, String... parts) {
        assertThatThrownBy(() -> Wiring.check(graph, Set.of()))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll(parts);
    }
}
