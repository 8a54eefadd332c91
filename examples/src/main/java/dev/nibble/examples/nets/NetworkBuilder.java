package dev.nibble.examples.nets;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes an image classifier layer by layer, with random weights that a seed decides.
 *
 * <p>Every method adds one node and hands back the value it makes.
 */
final class NetworkBuilder {
    private static final long OPSET = 17;
    private static final long IR_VERSION = 8;
    private static final String INPUT = "input";
    private static final String OUTPUT = "logits";

    private final SplittableRandom random;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    NetworkBuilder(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** An inner value and its number of channels. */
    record Value(String name, int channels) {}

    /** The pictures: RGB, channels first. */
    Value input() {
        return new Value(INPUT, 3);
    }

    /**
     * A square convolution without bias that keeps the extent at stride 1; weights as He et al.
     * 2015, arXiv 1502.01852.
     */
    Value conv(String name, Value from, int channels, int kernel, int stride, int groups) {
        int perGroup = from.channels() / groups;
        double deviation = Math.sqrt(2.0 * groups / (kernel * kernel * (double) channels));
        String weight = name + ".weight";
        constants.put(weight, normal(deviation, channels, perGroup, kernel, kernel));
        Node node =
                node(name, "Conv", List.of(from.name(), weight))
                        .with("group", new Attribute.IntValue(groups))
                        .with("kernel_shape", integers(kernel, 2))
                        .with("pads", integers(kernel / 2, 4))
                        .with("strides", integers(stride, 2));
        return add(node, channels);
    }

    Value batchNorm(String name, Value from) {
        List<String> inputs = new ArrayList<>(List.of(from.name()));
        for (String part : List.of("scale", "bias", "mean", "variance")) {
            float start = part.equals("scale") || part.equals("variance") ? 1 : 0;
            float[] values = new float[from.channels()];
            Arrays.fill(values, start);
            constants.put(name + "." + part, Tensor.ofFloats(Shape.of(values.length), values));
            inputs.add(name + "." + part);
        }
        Node node =
                node(name, "BatchNormalization", inputs)
                        .with("epsilon", new Attribute.FloatValue(1e-5f))
                        .with("momentum", new Attribute.FloatValue(0.95f));
        return add(node, from.channels());
    }

    Value relu(String name, Value from) {
        return add(node(name, "Relu", List.of(from.name())), from.channels());
    }

    Value relu6(String name, Value from) {
        constants.putIfAbsent("zero", Tensor.ofFloats(Shape.scalar(), 0));
        constants.putIfAbsent("six", Tensor.ofFloats(Shape.scalar(), 6));
        return add(node(name, "Clip", List.of(from.name(), "zero", "six")), from.channels());
    }

    Value add(String name, Value left, Value right) {
        return add(node(name, "Add", List.of(left.name(), right.name())), left.channels());
    }

    /** The end of every classifier here: mean over the picture, then one linear layer. */
    void classifier(Value from, int classes) {
        Value pooled =
                add(node("pool", "GlobalAveragePool", List.of(from.name())), from.channels());
        Value flat = add(node("flatten", "Flatten", List.of(pooled.name())), from.channels());
        constants.put(
                "classifier.weight",
                normal(Math.sqrt(1.0 / from.channels()), classes, from.channels()));
        constants.put("classifier.bias", Tensor.ofFloats(Shape.of(classes), new float[classes]));
        List<String> inputs = List.of(flat.name(), "classifier.weight", "classifier.bias");
        nodes.add(
                Node.of("classifier", "Gemm", inputs, List.of(OUTPUT))
                        .with("transB", new Attribute.IntValue(1)));
    }

    /** What was built, for pictures of the given extent. */
    Model build(String name, int size, int classes) {
        Dimension batch = Dimension.of("batch");
        ValueInfo input =
                ValueInfo.ofTensor(
                        INPUT,
                        DataType.FLOAT32,
                        batch,
                        Dimension.of(3),
                        Dimension.of(size),
                        Dimension.of(size));
        ValueInfo output =
                ValueInfo.ofTensor(OUTPUT, DataType.FLOAT32, batch, Dimension.of(classes));
        Graph graph = Graph.of(name, nodes, List.of(input), List.of(output), constants);
        return new Model(graph, IR_VERSION, Map.of("", OPSET), Map.of(), Extras.NONE);
    }

    private static Node node(String name, String operator, List<String> inputs) {
        return Node.of(name, operator, inputs, List.of(name + ".out"));
    }

    private Value add(Node node, int channels) {
        nodes.add(node);
        return new Value(node.output(0), channels);
    }

    private Tensor normal(double deviation, long... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return Tensor.ofFloats(shape, values);
    }

    private static Attribute integers(long value, int times) {
        return new Attribute.IntList(Collections.nCopies(times, value));
    }
}
