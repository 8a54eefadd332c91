package dev.nibble.cli;

import dev.nibble.formats.onnx.OnnxFormat;
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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small networks for images of {@link #SIZE} × {@link #SIZE} pixels. */
final class TinyNetworks {
    static final int SIZE = 8;
    static final int CLASSES = 3;

    private static final int CHANNELS = 4;

    private TinyNetworks() {}

    /** Writes a convolution, a ReLU, pooling and a linear layer; the weights come from a seed. */
    static Path write(Path file) {
        new OnnxFormat().write(convolutional(), file);
        return file;
    }

    /** Writes a network with nothing in it that could be quantized. */
    static Path writeWithoutWeights(Path file) {
        List<Node> nodes =
                List.of(
                        Node.of("relu", "Relu", List.of("input"), List.of("positive")),
                        Node.of(
                                "pool",
                                "GlobalAveragePool",
                                List.of("positive"),
                                List.of("scores")));
        Graph graph =
                Graph.of(
                        "weightless",
                        nodes,
                        List.of(image()),
                        List.of(
                                ValueInfo.ofTensor(
                                        "scores", DataType.FLOAT32, batch(), of(3), of(1), of(1))),
                        Map.of());
        new OnnxFormat().write(model(graph), file);
        return file;
    }

    static Model convolutional() {
        List<Node> nodes =
                List.of(
                        Node.of(
                                        "conv",
                                        "Conv",
                                        List.of("input", "conv_w", "conv_b"),
                                        List.of("conv_out"))
                                .with("pads", new Attribute.IntList(List.of(1L, 1L, 1L, 1L))),
                        Node.of("relu", "Relu", List.of("conv_out"), List.of("relu_out")),
                        Node.of(
                                "pool",
                                "GlobalAveragePool",
                                List.of("relu_out"),
                                List.of("pool_out")),
                        Node.of("flatten", "Flatten", List.of("pool_out"), List.of("flat")),
                        Node.of(
                                        "linear",
                                        "Gemm",
                                        List.of("flat", "linear_w", "linear_b"),
                                        List.of("scores"))
                                .with("transB", new Attribute.IntValue(1)));
        Random random = new Random(7);
        Graph graph =
                Graph.of(
                        "tiny",
                        nodes,
                        List.of(image()),
                        List.of(
                                ValueInfo.ofTensor(
                                        "scores", DataType.FLOAT32, batch(), of(CLASSES))),
                        Map.of(
                                "conv_w", normal(random, CHANNELS, 3, 3, 3),
                                "conv_b", normal(random, CHANNELS),
                                "linear_w", normal(random, CLASSES, CHANNELS),
                                "linear_b", normal(random, CLASSES)));
        return model(graph);
    }

    /** The same with a weight that is not a number. */
    static Model withNanWeight() {
        Model model = convolutional();
        Tensor weights = model.graph().constant("conv_w").orElseThrow();
        float[] values = weights.floats();
        values[5] = Float.NaN;
        return model.map(graph ->
                graph.edit(editor ->
                        editor.constant("conv_w", Tensor.ofFloats(weights.shape(), values))));
    }

    private static Model model(Graph graph) {
        return new Model(graph, 8, Map.of("", 13L), Map.of(), Extras.NONE);
    }

    private static ValueInfo image() {
        return ValueInfo.ofTensor("input", DataType.FLOAT32, batch(), of(3), of(SIZE), of(SIZE));
    }

    private static Dimension batch() {
        return Dimension.of("batch");
    }

    private static Dimension of(long size) {
        return Dimension.of(size);
    }

    private static Tensor normal(Random random, long... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.ofFloats(shape, values);
    }
}
