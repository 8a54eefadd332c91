package dev.nibble.examples.large;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Scratch;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes a network of any size: blocks of a MatMul, a Gemm with transposed weights and a 1×1
 * convolution, each with as many inputs as outputs, with pseudo-random weights that a seed
 * determines. Nothing of them is on the heap; they pass through the temporary folder.
 */
public final class LargeNetwork {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long SEED = 42;
    private static final int LAYERS_IN_BLOCK = 3;

    private final int width;
    private final Scratch scratch = Scratch.mapped();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private String last = "x";

    private LargeNetwork(int width) {
        this.width = width;
    }

    /** Takes the file to write, the least size in megabytes, and the width of the layers. */
    public static void main(String... arguments) {
        write(
                Path.of(arguments[0]),
                Long.parseLong(arguments[1]) << 20,
                Integer.parseInt(arguments[2]));
    }

    /**
     * Writes a network with external data.
     *
     * @param bytes of weights at least
     * @param width inputs and outputs of each layer; a layer takes 4·width² bytes
     */
    public static void write(Path file, long bytes, int width) {
        LargeNetwork network = new LargeNetwork(width);
        long blocks = Math.ceilDiv(bytes, LAYERS_IN_BLOCK * 4L * width * width);
        for (int block = 0; block < blocks; block++) {
            network.block(block);
        }
        new OnnxFormat(0).write(network.model(), file);
    }

    private Model model() {
        ValueInfo input =
                ValueInfo.ofTensor("x", DataType.FLOAT32, Dimension.of(1), Dimension.of(width));
        ValueInfo output =
                ValueInfo.ofTensor(last, DataType.FLOAT32, Dimension.of(1), Dimension.of(width));
        Graph graph = Graph.of("large", nodes, List.of(input), List.of(output), constants);
        return new Model(graph, 10, Map.of("", 21L), Map.of(), Extras.NONE);
    }

    private void block(int block) {
        constants.put("image", Tensor.ofLongs(Shape.of(4), 1, width, 1, 1));
        constants.put("row", Tensor.ofLongs(Shape.of(2), 1, width));
        node("matmul" + block, "MatMul", weights("matmul_w" + block, width, width));
        node("relu" + block, "Relu");
        add(
                Node.of(
                                "gemm" + block,
                                "Gemm",
                                List.of(last, weights("gemm_w" + block, width, width), bias(block)),
                                List.of("gemm_y" + block))
                        .with("transB", new IntValue(1)));
        node("to_image" + block, "Reshape", "image");
        add(
                Node.of(
                                "conv" + block,
                                "Conv",
                                List.of(last, weights("conv_w" + block, width, width, 1, 1)),
                                List.of("conv_y" + block))
                        .with("kernel_shape", new IntList(List.of(1L, 1L))));
        node("to_row" + block, "Reshape", "row");
    }

    private void node(String name, String operator, String... others) {
        List<String> inputs = new ArrayList<>();
        inputs.add(last);
        inputs.addAll(List.of(others));
        add(Node.of(name, operator, inputs, List.of(name + "_y")));
    }

    private void add(Node node) {
        nodes.add(node);
        last = node.output(0);
    }

    private String bias(int block) {
        String name = "gemm_b" + block;
        float[] values = new float[width];
        for (int i = 0; i < width; i++) {
            values[i] = random.nextFloat(-0.1f, 0.1f);
        }
        constants.put(name, Tensor.ofFloats(Shape.of(width), values));
        return name;
    }

    /** Values of about one standard deviation behind a layer as before it. */
    private String weights(String name, long... dims) {
        Shape shape = Shape.of(dims);
        float bound = (float) Math.sqrt(3.0 / width);
        MemorySegment data = scratch.allocate(shape.elements() * Float.BYTES);
        for (long at = 0; at < data.byteSize(); at += Float.BYTES) {
            data.set(FLOAT, at, random.nextFloat(-bound, bound));
        }
        constants.put(name, new Tensor(DataType.FLOAT32, shape, data));
        return name;
    }
}
