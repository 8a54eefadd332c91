package dev.nibble.graph;

import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Small graphs for tests, written and shown one node a line. */
public final class TestGraphs {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<ValueInfo> inputs = new ArrayList<>();
    private final List<ValueInfo> outputs = new ArrayList<>();

    public static TestGraphs graph() {
        return new TestGraphs();
    }

    public TestGraphs input(String name) {
        inputs.add(ValueInfo.of(name, new ValueInfo.UnrankedTensor(DataType.FLOAT32)));
        return this;
    }

    public TestGraphs output(String name) {
        outputs.add(ValueInfo.of(name, new ValueInfo.UnrankedTensor(DataType.FLOAT32)));
        return this;
    }

    public TestGraphs constant(String name, Shape shape, float... values) {
        float[] all = values;
        if (values.length == 1) {
            all = new float[(int) shape.elements()];
            Arrays.fill(all, values[0]);
        }
        constants.put(name, Tensor.ofFloats(shape, all));
        return this;
    }

    /** A node written {@code name: Type(a, b) -> c}. */
    public TestGraphs node(String text) {
        String[] parts = text.split(": |\\(|\\) -> ", -1);
        nodes.add(Node.of(parts[0], parts[1], list(parts[2]), list(parts[3])));
        return this;
    }

    public TestGraphs with(String attribute, long value) {
        nodes.add(nodes.removeLast().with(attribute, new IntValue(value)));
        return this;
    }

    public TestGraphs with(String attribute, Attribute value) {
        nodes.add(nodes.removeLast().with(attribute, value));
        return this;
    }

    public TestGraphs with(String attribute, List<Long> values) {
        nodes.add(nodes.removeLast().with(attribute, new IntList(values)));
        return this;
    }

    /**
     * A convolution of one input and one output channel with a 1×1 kernel, its weights and bias.
     */
    public TestGraphs conv(String name, String from, String to, float weight, float bias) {
        constant(name + "_w", Shape.of(1, 1, 1, 1), weight);
        constant(name + "_b", Shape.of(1), bias);
        return node(name + ": Conv(" + from + ", " + name + "_w, " + name + "_b) -> " + to);
    }

    public Graph build() {
        return Graph.of("test", nodes, inputs, outputs, constants);
    }

    public Model model() {
        return model(13);
    }

    public Model model(long opset) {
        return new Model(build(), 8, Map.of("", opset), Map.of(), Extras.NONE);
    }

    /** The nodes of a graph, one a line, as {@link #node} reads them. */
    public static String text(Graph graph) {
        return graph.nodes().stream()
                .map(node ->
                        node.name()
                                + ": "
                                + node.opType()
                                + "("
                                + String.join(", ", node.inputs())
                                + ") -> "
                                + String.join(", ", node.outputs())
                                + "\n")
                .collect(Collectors.joining());
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(", ", -1));
    }
}
