package dev.nibble.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.pass.Draft;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Planner;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class SegmentTest {
    private static Tensor weights(long... dims) {
        float[] values = new float[(int) Shape.of(dims).elements()];
        Arrays.fill(values, 0.5f);
        return Tensor.ofFloats(Shape.of(dims), values);
    }

    private static Draft planned() {
        Graph graph =
                Graph.of(
                        "small",
                        List.of(
                                Node.of("a", "Conv", List.of("x", "w"), List.of("a1")),
                                Node.of("relu", "Relu", List.of("a1"), List.of("a2")),
                                Node.of("float", "Erf", List.of("a2"), List.of("e1")),
                                Node.of("b", "Conv", List.of("e1", "w"), List.of("b1")),
                                Node.of("add", "Add", List.of("b1", "a2"), List.of("s")),
                                Node.of("c", "Conv", List.of("s", "w"), List.of("y"))),
                        List.of(
                                ValueInfo.ofTensor(
                                        "x",
                                        DataType.FLOAT32,
                                        Dimension.of(1L),
                                        Dimension.of(4L),
                                        Dimension.of(8L),
                                        Dimension.of(8L))),
                        List.of(ValueInfo.of("y", new ValueInfo.OtherType("untyped"))),
                        Map.of("w", weights(4, 4, 1, 1)));
        Model model = new Model(graph, 10, Map.of("", 21L), Map.of(), Extras.NONE);
        Plan plan = Planner.plan(Recipes.INT8, Target.ONNX_RUNTIME_CPU, graph, Plan.NONE);
        return Draft.of(model).with(plan);
    }

    @Test
    void aLayerTakesTheNodesOnCodesBehindItAlong() {
        assertThat(Segment.of(planned()))
                .extracting(Segment::nodes)
                .containsExactly(List.of("a", "relu"), List.of("b", "add"), List.of("c"));
    }

    @Test
    void neighboursAreJoinedInEqualParts() {
        List<Segment> single =
                IntStream.range(0, 7).mapToObj(i -> new Segment(List.of("n" + i))).toList();
        assertThat(Segment.joined(single, 3))
                .extracting(Segment::nodes)
                .containsExactly(
                        List.of("n0", "n1"), List.of("n2", "n3"), List.of("n4", "n5", "n6"));
        assertThat(Segment.joined(single, 12)).isEqualTo(single);
        assertThat(Segment.joined(List.of(), 12)).isEmpty();
    }
}
