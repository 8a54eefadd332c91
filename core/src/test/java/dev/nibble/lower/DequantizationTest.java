package dev.nibble.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.TestGraphs;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

class DequantizationTest {
    private static final Tensor CODES =
            Tensor.ofBytes(DataType.INT8, Shape.of(2), (byte) 1, (byte) -2);

    private static TestGraphs graph() {
        return TestGraphs.graph()
                .input("x")
                .output("y")
                .constant("s", Shape.scalar(), 0.5f)
                .constant("t", Shape.scalar(), 0.25f)
                .constant("two", Shape.of(2), 1)
                .constant("zero", Shape.scalar(), 0);
    }

    private static Model model(TestGraphs graph) {
        Graph built =
                graph.build()
                        .edit(editor -> {
                            editor.constant(
                                    "z", Tensor.ofBytes(DataType.INT8, Shape.scalar(), (byte) 0));
                            editor.constant("w", CODES);
                        });
        return graph.model(13).with(built);
    }

    private static String undone(TestGraphs graph) {
        return TestGraphs.text(Dequantization.undo(model(graph)).model().graph());
    }

    @Test
    void aPairLeavesItsRangeUnderTheNameBehindIt() {
        assertThat(
                        undone(
                                graph().node("r: Neg(x) -> n")
                                        .node("q: QuantizeLinear(n, s, z) -> c")
                                        .node("d: DequantizeLinear(c, s, z) -> f")
                                        .node("e: Exp(f) -> y")))
                .isEqualTo(
                        """
                        r: Neg(x) -> n
                        c_clip: Clip(n, number_-64.0, number_63.5) -> f
                        e: Exp(f) -> y
                        """);
    }

    @Test
    void theNetworksOutputKeepsItsName() {
        assertThat(
                        undone(
                                graph().node("r: Tanh(x) -> n")
                                        .node("q: QuantizeLinear(n, s, z) -> c")
                                        .node("d: DequantizeLinear(c, s, z) -> y")))
                .isEqualTo("r: Tanh(x) -> y\n");
    }

    @Test
    void anInputThatIsAnOutputTooKeepsBothNames() {
        Model model =
                model(
                        graph().node("q: QuantizeLinear(x, s, z) -> c")
                                .node("d: DequantizeLinear(c, s, z) -> y"));
        Graph floats = Dequantization.undo(model).model().graph();
        assertThat(floats.constants()).containsOnlyKeys("number_-64.0", "number_63.5");
        assertThat(TestGraphs.text(floats))
                .isEqualTo("c_clip: Clip(x, number_-64.0, number_63.5) -> y\n");
    }

    @Test
    void weightsBecomeTheNumbersOfTheirCodes() {
        Graph floats =
                Dequantization.undo(
                                model(
                                        graph().node("d: DequantizeLinear(w, s, z) -> f")
                                                .node("a: Add(x, f) -> y")))
                        .model()
                        .graph();
        assertThat(floats.constants()).containsOnlyKeys("f");
        assertThat(floats.constant("f")).contains(Tensor.ofFloats(Shape.of(2), 0.5f, -1));
    }

    @Test
    void whatWasUndoneIsCounted() {
        Dequantization.Result result =
                Dequantization.undo(
                        model(
                                graph().node("q: QuantizeLinear(x, s, z) -> c")
                                        .node("d: DequantizeLinear(c, s, z) -> f")
                                        .node("e: DequantizeLinear(w, s, z) -> g")
                                        .node("a: Add(f, g) -> y")));
        assertThat(result.undone()).isEqualTo(Map.of("QuantizeLinear", 1L, "DequantizeLinear", 2L));
        assertThat(result.saturations()).isEqualTo(1);
        assertThat(result.codesAtInterface()).isEmpty();
    }

    @Test
    void theRecipeIsForgottenAndOtherMetadataStays() {
        Model quantized =
                model(graph().node("d: DequantizeLinear(w, s, z) -> f").node("a: Add(x, f) -> y"))
                        .withMetadata("nibble.recipe", "int8")
                        .withMetadata("author", "somebody");
        assertThat(Dequantization.undo(quantized).model().metadata())
                .isEqualTo(Map.of("author", "somebody"));
    }

    @Test
    void aFloatNetworkIsRefused() {
        assertThatThrownBy(() -> Dequantization.undo(model(graph().node("r: Relu(x) -> y"))))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("not quantized");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "d: DequantizeLinear(c, t, z) -> y | d (DequantizeLinear) | another scale",
                "e: Relu(c) -> y | e (Relu) | computes on the codes c",
                "d: DequantizeLinear(w, two) -> y | d (DequantizeLinear) | axis 1",
                "d: DequantizeLinear(w, x, z) -> y | d (DequantizeLinear) | computed while",
                "d: DequantizeLinear(w, zero, z) -> y | d (DequantizeLinear) | positive",
                "i: MatMulInteger(c, w) -> y | i (MatMulInteger) | Cast to float"
            })
    void whatCannotBeUndoneIsRefusedByName(String node, String who, String why) {
        Model model = model(graph().node("q: QuantizeLinear(x, s, z) -> c").node(node));
        assertThatThrownBy(() -> Dequantization.undo(model))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(who)
                .hasMessageContaining(why);
    }

    @Test
    void codesThatAreNoIntegersAreRefused() {
        Model model =
                model(
                        graph().node("q: QuantizeLinear(x, s) -> c")
                                .with("output_dtype", 17)
                                .node("d: DequantizeLinear(c, s) -> y"));
        assertThatThrownBy(() -> Dequantization.undo(model))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("q (QuantizeLinear)")
                .hasMessageContaining("17");
    }

    @Test
    void everyOperatorThatIsNotKnownIsNamedAtOnce() {
        Node one =
                new Node(
                        "one",
                        "QAttention",
                        "com.microsoft",
                        List.of("x"),
                        List.of("m"),
                        Map.of(),
                        Extras.NONE);
        Node other =
                new Node(
                        "other",
                        "QMoE",
                        "com.microsoft",
                        List.of("m"),
                        List.of("y"),
                        Map.of("hidden_size", new Attribute.IntValue(3)),
                        Extras.NONE);
        Graph graph = Graph.of("g", List.of(one, other), List.of(), List.of(), Map.of());
        Model model = graph().model(13).with(graph);
        assertThatThrownBy(() -> Dequantization.undo(model))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("one (com.microsoft.QAttention)")
                .hasMessageContaining("other (com.microsoft.QMoE)");
    }

    @Test
    void aScaleThatOthersReadKeepsTheNetworkFromBeingUndone() {
        Model model =
                model(
                        graph().node("q: DynamicQuantizeLinear(x) -> c, cs, cz")
                                .node("d: DequantizeLinear(c, cs, cz) -> f")
                                .node("m: Mul(f, cs) -> y"));
        assertThatThrownBy(() -> Dequantization.undo(model))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("m (Mul)")
                .hasMessageContaining("cs");
    }
}
