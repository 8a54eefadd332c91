package dev.nibble.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.KernelTime;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class NodeTimesTest {
    private static Node node(String name, String operator, String input, String output) {
        return Node.of(name, operator, List.of(input), List.of(output));
    }

    private static final Graph GRAPH =
            Graph.of(
                    "g",
                    List.of(
                            node("first", "Conv", "x", "a"),
                            node("norm", "BatchNormalization", "a", "b"),
                            node("act", "Relu", "b", "c"),
                            node("last", "Gemm", "c", "y")),
                    List.of(ValueInfo.ofTensor("x", DataType.FLOAT32)),
                    List.of(ValueInfo.ofTensor("y", DataType.FLOAT32)),
                    Map.of());

    @Test
    void a_kernel_called_after_a_node_is_the_time_of_that_node() {
        NodeTimes times =
                NodeTimes.of(
                        GRAPH,
                        List.of(
                                new KernelTime("act", "Relu", 2),
                                new KernelTime("act", "Relu", 3)));

        assertThat(times).isEqualTo(new NodeTimes(Map.of("act", 5.0)));
    }

    @Test
    void a_kernel_called_after_a_value_is_the_time_of_the_node_with_its_operator() {
        NodeTimes times = NodeTimes.of(GRAPH, List.of(new KernelTime("c", "FusedConv", 2)));

        assertThat(times).isEqualTo(new NodeTimes(Map.of("first", 2.0)));
    }

    @Test
    void a_kernel_whose_operator_is_not_in_front_of_its_value_is_the_time_of_who_makes_that() {
        NodeTimes times = NodeTimes.of(GRAPH, List.of(new KernelTime("c", "FusedMatMul", 2)));

        assertThat(times).isEqualTo(new NodeTimes(Map.of("act", 2.0)));
    }

    @Test
    void other_kernels_count_nowhere() {
        NodeTimes times =
                NodeTimes.of(
                        GRAPH,
                        List.of(
                                new KernelTime("ReorderInput", "ReorderInput", 2),
                                new KernelTime("ReorderOutput", "ReorderOutput", 1),
                                new KernelTime("last", "Gemm", 4)));

        assertThat(times).isEqualTo(new NodeTimes(Map.of("last", 4.0)));
    }
}
