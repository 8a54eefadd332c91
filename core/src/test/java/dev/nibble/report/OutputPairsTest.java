package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class OutputPairsTest {
    private static final Path FLOAT = Path.of("float.onnx");
    private static final Path INT8 = Path.of("int8.onnx");

    @Test
    void outputs_of_the_same_name_belong_together_in_any_order() {
        assertThat(pairs(graph("a", "b"), graph("b", "a", "more")).names())
                .containsExactly(Map.entry("a", "a"), Map.entry("b", "b"));
    }

    @Test
    void other_names_belong_together_by_position() {
        assertThat(pairs(graph("a", "b"), graph("x", "b")).names())
                .containsExactly(Map.entry("a", "x"), Map.entry("b", "b"));
    }

    @Test
    void an_output_is_not_paired_twice() {
        assertThatThrownBy(() -> pairs(graph("a", "b"), graph("b", "c", "d")))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "int8.onnx has no output for a of the baseline float.onnx, neither by name"
                            + " nor by position: it has [b, c, d], the baseline [a, b]; evaluate"
                            + " networks with the same outputs");
    }

    @Test
    void a_missing_output_is_an_error() {
        assertThatThrownBy(() -> pairs(graph("a", "b"), graph("a")))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("int8.onnx has no output for b of the baseline float.onnx");
    }

    @Test
    void outputs_take_the_name_and_the_shape_of_the_baseline() {
        Tensor expected = Tensor.ofFloats(Shape.of(1, 3, 1, 1), 1, 2, 3);
        Tensor actual = Tensor.ofFloats(Shape.of(3), 1, 2, 3);

        assertThat(
                        pairs(graph("a"), graph("x"))
                                .align("cat.jpg", Map.of("a", expected), Map.of("x", actual)))
                .containsExactly(Map.entry("a", expected));
    }

    @Test
    void outputs_of_another_shape_cannot_be_compared() {
        Tensor expected = Tensor.ofFloats(Shape.of(1, 2, 3), 1, 2, 3, 4, 5, 6);
        Tensor actual = Tensor.ofFloats(Shape.of(1, 3, 2), 1, 2, 3, 4, 5, 6);

        assertThatThrownBy(() ->
                        pairs(graph("a"), graph("x"))
                                .align("cat.jpg", Map.of("a", expected), Map.of("x", actual)))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "on cat.jpg, output x of int8.onnx is float32 [1×3×2], but output a of the"
                            + " baseline float.onnx is float32 [1×2×3]; only equal shapes can be"
                            + " compared, but for extents that both networks leave open");
    }

    @Test
    void an_output_keeps_its_shape_where_both_networks_leave_its_extent_open() {
        Tensor expected = Tensor.ofFloats(Shape.of(1, 2, 3), 1, 2, 3, 4, 5, 6);
        Tensor actual = Tensor.ofFloats(Shape.of(1, 1, 3), 1, 2, 3);
        Tensor wider = Tensor.ofFloats(Shape.of(1, 2, 2), 1, 2, 3, 4);
        Graph open =
                graph(
                        List.of(
                                ValueInfo.ofTensor(
                                        "a",
                                        DataType.FLOAT32,
                                        Dimension.of(1),
                                        Dimension.of("boxes"),
                                        Dimension.of(3))));
        Graph unranked = graph(List.of(ValueInfo.of("a", new UnrankedTensor(DataType.FLOAT32))));

        assertThat(pairs(open, open).align("cat.jpg", Map.of("a", expected), Map.of("a", actual)))
                .containsExactly(Map.entry("a", actual));
        assertThat(pairs(unranked, open).align("", Map.of("a", expected), Map.of("a", actual)))
                .containsExactly(Map.entry("a", actual));
        assertThatThrownBy(() ->
                        pairs(unranked, open).align("", Map.of("a", expected), Map.of("a", wider)))
                .isInstanceOf(NibbleException.class);
    }

    @Test
    void outputs_that_are_no_tensors_do_not_count() {
        ValueInfo sequence = ValueInfo.of("boxes", new OtherType("sequence"));
        ValueInfo scores = ValueInfo.ofTensor("scores", DataType.FLOAT32);
        Graph both = graph(List.of(sequence, scores));

        assertThat(pairs(both, both).names()).containsExactly(Map.entry("scores", "scores"));
        assertThatThrownBy(() -> pairs(both, graph(List.of(sequence))))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "int8.onnx has no output that is a tensor (it has [boxes]); evaluate a"
                                + " network that has one");
    }

    @Test
    void an_output_that_the_engine_keeps_is_an_error() {
        assertThatThrownBy(() -> pairs(graph("a"), graph("a")).align("cat.jpg", Map.of(), Map.of()))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "the engine cannot hand over output a of float.onnx; evaluate a network"
                                + " that gives it as float or 8-bit integers");
    }

    private static OutputPairs pairs(Graph baseline, Graph network) {
        return OutputPairs.of(FLOAT, baseline, INT8, network);
    }

    private static Graph graph(String... outputs) {
        List<ValueInfo> infos =
                Stream.of(outputs).map(name -> ValueInfo.ofTensor(name, DataType.FLOAT32)).toList();
        return graph(infos);
    }

    private static Graph graph(List<ValueInfo> infos) {
        return Graph.of("net", List.of(), List.of(), infos, Map.of());
    }
}
