package dev.nibble.torch.train;

import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;

/** Models with input {@code x} and output {@code y} for the tests of this package. */
final class Models {
    private Models() {}

    static Model of(Map<String, Tensor> constants, Node... nodes) {
        ValueInfo input = ValueInfo.ofTensor("x", DataType.FLOAT32, Dimension.of("batch"));
        ValueInfo output = ValueInfo.ofTensor("y", DataType.FLOAT32, Dimension.of("batch"));
        Graph graph = Graph.of("test", List.of(nodes), List.of(input), List.of(output), constants);
        return new Model(graph, 8, Map.of("", 17L), Map.of(), Extras.NONE);
    }

    /** One node that makes {@code y}. */
    static Node node(String operator, String... inputs) {
        return Node.of("node", operator, List.of(inputs), List.of("y"));
    }
}
