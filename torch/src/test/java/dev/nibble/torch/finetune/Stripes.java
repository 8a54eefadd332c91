package dev.nibble.torch.finetune;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.Scheme;
import dev.nibble.pass.Draft;
import dev.nibble.plan.Decision;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Pictures of stripes: horizontal, vertical, both, none; with noise; and a network for them. */
record Stripes(int size, int from) implements Samples {
    private static final int CLASSES = 4;

    @Override
    public Sample get(int index) {
        SplittableRandom random = new SplittableRandom(from + index);
        int label = index % CLASSES;
        float[] pixels = new float[64];
        for (int i = 0; i < pixels.length; i++) {
            boolean row = (i / 8) % 2 == 0 && label % 2 == 1;
            boolean column = i % 2 == 0 && label / 2 == 1;
            pixels[i] = (row ? 1f : 0) + (column ? 1f : 0) + 0.3f * (float) random.nextGaussian();
        }
        return new Sample(
                "stripes " + index,
                Map.of("x", Tensor.ofFloats(Shape.of(1, 1, 8, 8), pixels)),
                label);
    }

    @Override
    public boolean labelled() {
        return true;
    }

    @Override
    public String description() {
        return size + " stripes from " + from;
    }

    static Model network(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor> constants = new TreeMap<>();
        constants.put("filter", noise(random, 0.5, 8, 1, 3, 3));
        constants.put("shift", noise(random, 0.1, 8));
        constants.put("matrix", noise(random, 0.5, 8, CLASSES));
        constants.put("offset", noise(random, 0.1, CLASSES));
        Graph graph =
                Graph.of(
                        "stripes",
                        List.of(
                                Node.of(
                                                "conv",
                                                "Conv",
                                                List.of("x", "filter", "shift"),
                                                List.of("c"))
                                        .with("pads", new IntList(List.of(1L, 1L, 1L, 1L))),
                                Node.of("relu", "Relu", List.of("c"), List.of("r")),
                                Node.of("pool", "GlobalAveragePool", List.of("r"), List.of("p")),
                                Node.of("flat", "Flatten", List.of("p"), List.of("f")),
                                Node.of(
                                        "dense",
                                        "Gemm",
                                        List.of("f", "matrix", "offset"),
                                        List.of("y"))),
                        List.of(
                                ValueInfo.ofTensor(
                                        "x",
                                        DataType.FLOAT32,
                                        Dimension.of("batch"),
                                        Dimension.of(1),
                                        Dimension.of(8),
                                        Dimension.of(8))),
                        List.of(ValueInfo.ofTensor("y", DataType.FLOAT32, Dimension.of("batch"))),
                        constants);
        return new Model(graph, 8, Map.of("", 17L), Map.of(), Extras.NONE);
    }

    private static Tensor noise(SplittableRandom random, double size, long... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (size * random.nextGaussian());
        }
        return Tensor.ofFloats(shape, values);
    }

    /** Of as many bits; their ranges are about as wide whatever that is. */
    private static Map<String, Encoding> encodings(int bits) {
        IntegerFormat format = new IntegerFormat(bits, false);
        Scheme codes = new Scheme(format, false, new Granularity.PerTensor());
        Scheme filter = new Scheme(new IntegerFormat(bits, true), true, new Granularity.PerAxis(0));
        Scheme matrix = new Scheme(new IntegerFormat(bits, true), true, new Granularity.PerAxis(1));
        float scale = 3f / format.steps();
        return Map.of(
                "x", Encoding.ofScale(codes, scale, format.steps() / 3),
                "r", Encoding.ofScale(codes, scale, 0),
                "filter", channels(filter, 8, scale),
                "matrix", channels(matrix, CLASSES, scale));
    }

    static Encoding encoding(String value) {
        return Objects.requireNonNull(encodings(4).get(value));
    }

    private static Encoding channels(Scheme scheme, int count, float scale) {
        float[] scales = new float[count];
        Arrays.fill(scales, scale);
        return new Encoding(scheme, Shape.of(count), scales, new int[count]);
    }

    /** With 4 bits, see {@link #coded(Model, int)}. */
    static Draft coded(Model model) {
        return coded(model, 4);
    }

    /** With so many for the picture, the filter, what the activation makes, and the matrix. */
    static Draft coded(Model model, int bits) {
        Map<String, Decision> values = new TreeMap<>();
        encodings(bits)
                .forEach((name, encoding) -> values.put(name, new Decision.Quantize(encoding)));
        Map<String, NodeDecision> nodes = new TreeMap<>();
        nodes.put("conv", new NodeDecision.Quantized());
        nodes.put("relu", new NodeDecision.Absorbed("the range of r"));
        nodes.put("dense", new NodeDecision.WeightOnly());
        Plan plan = new Plan(nodes, values, Map.of("c", "r"), Map.of());
        return Draft.of(model).with(plan);
    }
}
