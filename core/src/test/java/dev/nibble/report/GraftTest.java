package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.graph.Wiring;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

class GraftTest {
    private static final Graph BASE =
            TestGraphs.graph()
                    .input("x")
                    .output("y")
                    .node("one: Relu(x) -> a")
                    .node("two: Abs(a) -> b")
                    .node("three: Neg(b) -> y")
                    .build();

    private static final Graph OTHER =
            TestGraphs.graph()
                    .input("x")
                    .output("y")
                    .constant("k", Shape.of(1), 2)
                    .node("one: Relu(x) -> a")
                    .node("two: Abs(a) -> inner")
                    .node("more: Mul(inner, k) -> b")
                    .node("three: Neg(b) -> y")
                    .build();

    private static final Graft GRAFT =
            Graft.of(BASE, OTHER, Map.of("x", "x", "a", "a", "b", "b", "y", "y"));

    @Test
    void aPartBesideReadsTheValuesOfTheBaseAndChangesNothing() {
        Graph both = GRAFT.beside(Set.of("b", "y"));
        Wiring.check(both, Set.of());
        assertThat(TestGraphs.text(both))
                .isEqualTo(
                        """
                        one: Relu(x) -> a
                        two: Abs(a) -> b
                        three: Neg(b) -> y
                        other_two: Abs(a) -> other_inner
                        other_more: Mul(other_inner, other_k) -> other_b
                        other_three: Neg(b) -> other_y
                        """);
        assertThat(both.constants()).containsOnlyKeys("other_k");
    }

    @Test
    void aPartInsteadTakesThePlaceInOrder() {
        Graph mixed = GRAFT.instead(Map.of("b", "b"));
        Wiring.check(mixed, Set.of());
        assertThat(TestGraphs.text(mixed))
                .contains(
                        "two: Abs(a) -> other_displaced_b\n",
                        "other_two: Abs(a) -> other_inner\n",
                        "other_more: Mul(other_inner, other_k) -> b\n",
                        "three: Neg(b) -> y\n");
    }

    @Test
    void namesThatTheBaseHasAreLeftAlone() {
        Graph taken =
                TestGraphs.graph()
                        .input("x")
                        .output("other_b")
                        .node("one: Relu(x) -> other_b")
                        .build();
        assertThat(Graft.of(taken, OTHER, Map.of("x", "x")).name("b")).isEqualTo("_other_b");
    }

    @Test
    void valuesInOppositeOrderAreRefused() {
        Graph opposite =
                TestGraphs.graph()
                        .input("x")
                        .output("y")
                        .node("one: Relu(x) -> b")
                        .node("two: Abs(b) -> a")
                        .node("three: Neg(a) -> y")
                        .build();
        Graft graft = Graft.of(BASE, opposite, Map.of("x", "x", "b", "b", "a", "a"));
        assertThatThrownBy(() -> graft.instead(Map.of("a", "a")))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("opposite order");
    }
}
