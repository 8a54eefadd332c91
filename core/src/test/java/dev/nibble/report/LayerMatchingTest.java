package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.TestGraphs;
import dev.nibble.report.LayerMatching.Segment;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

class LayerMatchingTest {
    private static final Graph FLOAT =
            TestGraphs.graph()
                    .input("x")
                    .output("y")
                    .conv("one", "x", "a", 2, 0)
                    .node("norm: Abs(a) -> b")
                    .node("relu: Relu(b) -> c")
                    .conv("two", "c", "d", 3, 0)
                    .node("end: Relu(d) -> y")
                    .build();

    private static LayerMatching match(Graph quantized, Set<String> rescaled) {
        return LayerMatching.of(FLOAT, quantized, Map.of("y", "y"), rescaled);
    }

    private static List<String> nodes(Segment segment) {
        return segment.nodes().stream().map(Node::name).toList();
    }

    /** The same, but for values that are folded away and codes behind one. */
    private static Graph quantized() {
        return TestGraphs.graph()
                .input("x")
                .output("y")
                .conv("one", "x", "raw", 2, 0)
                .node("q: QuantizeLinear(raw, s) -> codes")
                .node("dq: DequantizeLinear(codes, s) -> c")
                .conv("two", "c", "d", 3, 0)
                .node("end: Relu(d) -> y")
                .build();
    }

    @Test
    void whatIsFoldedOrAbsorbedBelongsToTheLayerInFrontOfTheNextCommonValue() {
        LayerMatching matching = match(quantized(), Set.of());
        assertThat(matching.segments()).extracting(Segment::value).containsExactly("c", "d", "y");
        Segment first = matching.segments().getFirst();
        assertThat(nodes(first)).containsExactly("one", "norm", "relu");
        assertThat(first.layer().name()).isEqualTo("one");
        assertThat(matching.unmatched()).isEmpty();
    }

    @Test
    void aValueIsTakenBehindTheCodesThatAllItsReadersSee() {
        Graph other =
                TestGraphs.graph()
                        .input("x")
                        .output("y")
                        .conv("one", "x", "a", 2, 0)
                        .node("q: QuantizeLinear(a, s) -> codes")
                        .node("dq: DequantizeLinear(codes, s) -> floats")
                        .node("relu: Relu(floats) -> c")
                        .conv("two", "c", "d", 3, 0)
                        .node("end: Relu(d) -> y")
                        .build();
        assertThat(match(other, Set.of()).counterparts())
                .containsEntry("a", "floats")
                .containsEntry("c", "c")
                .doesNotContainKey("b");
    }

    @Test
    void aRescaledValueIsLeftOut() {
        LayerMatching matching = match(quantized(), Set.of("c"));
        assertThat(matching.segments()).extracting(Segment::value).containsExactly("d", "y");
        assertThat(nodes(matching.segments().getFirst()))
                .containsExactly("one", "norm", "relu", "two");
        assertThat(matching.segments().getFirst().layer().name()).isEqualTo("two");
    }

    @Test
    void nodesThatNothingCommonIsComputedFromAreListed() {
        Graph dead =
                FLOAT.edit(editor ->
                        editor.insertLast(Node.of("dead", "Relu", List.of("d"), List.of("z"))));
        LayerMatching matching = LayerMatching.of(dead, quantized(), Map.of("y", "y"), Set.of());
        assertThat(matching.unmatched())
                .extracting(LayerComparison.Unmatched::node)
                .containsExactly("dead");
    }
}
