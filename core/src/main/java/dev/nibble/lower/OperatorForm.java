package dev.nibble.lower;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.number.IntegerFormat;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The operators that take codes and deliver codes (QOperator form), except matrix products: those
 * of ONNX Runtime's {@code com.microsoft} set and QLinearConv.
 */
record OperatorForm(FloatRewriting rewriting) implements QuantizedForm {
    private static final long OPSET_OF_AXES_INPUT = 18;
    private static final long OPSET_OF_SOFTMAX_ON_ONE_AXIS = 13;

    @Override
    public Map<String, Consumer<Node>> operators() {
        return Map.ofEntries(
                Map.entry("QLinearConv", this::convolution),
                Map.entry("QLinearAdd", node -> elementwise(node, "Add")),
                Map.entry("QLinearMul", node -> elementwise(node, "Mul")),
                Map.entry("QLinearSigmoid", node -> unary(node, "Sigmoid")),
                Map.entry("QLinearLeakyRelu", node -> unary(node, "LeakyRelu")),
                Map.entry("QLinearAveragePool", node -> unary(node, "AveragePool")),
                Map.entry("QLinearGlobalAveragePool", node -> unary(node, "GlobalAveragePool")),
                Map.entry("QLinearSoftmax", this::softmax),
                Map.entry("QLinearReduceMean", this::mean),
                Map.entry("QLinearConcat", this::concatenation),
                Map.entry("QLinearWhere", this::choice));
    }

    private void convolution(Node node) {
        String x = rewriting.read(node, 0, 1, 2);
        String weights = rewriting.read(node, 3, 4, 5);
        List<String> inputs = new ArrayList<>(List.of(x, weights));
        if (node.hasInput(8)) {
            inputs.add(bias(rewriting, node, 8, 1, 4));
        }
        finish(node, floatNode(node, "Conv", inputs, node.attributes()), 6, 7);
    }

    /** The bias of a product: int32 codes of scale {@code inputScale · weightScale}. */
    static String bias(
            FloatRewriting rewriting, Node node, int bias, int inputScale, int weightScale) {
        Tensor codes =
                rewriting
                        .constant(node.input(bias))
                        .filter(tensor -> tensor.type() == DataType.INT32)
                        .orElseThrow(() ->
                                FloatRewriting.refusal(
                                        node,
                                        "its bias "
                                                + node.input(bias)
                                                + " is not an int32 constant"));
        Affine input = rewriting.affine(node, inputScale, FloatRewriting.LEFT_OUT);
        Affine weight = rewriting.affine(node, weightScale, FloatRewriting.LEFT_OUT);
        float[] scales = weight.scales().floats();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= input.scale() * (float) node.number("alpha").orElse(1);
        }
        Affine affine =
                Affine.of(
                        FloatConstants.as(
                                Tensor.ofFloats(weight.scales().shape(), scales), input.real()),
                        new int[scales.length],
                        weight.granularity());
        Shape shape = codes.shape();
        if (!affine.isPerTensor() && shape.elements() != scales.length) {
            throw FloatRewriting.refusal(node, affine.misfit(node.input(bias), shape));
        }
        Tensor floats = FloatConstants.dequantizeInts(codes, affine, Math.max(0, shape.rank() - 1));
        return rewriting.makeConstant(node.input(bias), floats);
    }

    private void elementwise(Node node, String operator) {
        String one = rewriting.read(node, 0, 1, 2);
        String other = rewriting.read(node, 3, 4, 5);
        finish(node, floatNode(node, operator, List.of(one, other), Map.of()), 6, 7);
    }

    private void unary(Node node, String operator) {
        String x = rewriting.read(node, 0, 1, 2);
        finish(node, floatNode(node, operator, List.of(x), node.attributes()), 3, 4);
    }

    private void softmax(Node node) {
        boolean written = node.integer("opset", 0) >= OPSET_OF_SOFTMAX_ON_ONE_AXIS;
        boolean now = rewriting.opset() >= OPSET_OF_SOFTMAX_ON_ONE_AXIS;
        if (written != now && !overLastAxis(node)) {
            throw FloatRewriting.refusal(
                    node,
                    "it follows opset %d, where Softmax over an inner axis means something else than in opset %d of the model"
                            .formatted(node.integer("opset", 0), rewriting.opset()));
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.remove("opset");
        attributes.putIfAbsent("axis", new IntValue(-1));
        String x = rewriting.read(node, 0, 1, 2);
        finish(node, floatNode(node, "Softmax", List.of(x), attributes), 3, 4);
    }

    private boolean overLastAxis(Node node) {
        long axis = node.integer("axis", -1);
        Optional<ValueInfo> info =
                rewriting
                        .graph()
                        .info(node.input(0))
                        .or(() -> rewriting.graph().info(node.output(0)));
        return axis == -1
                || info.filter(known ->
                                known.type() instanceof RankedTensor(_, var dims)
                                        && axis == dims.size() - 1)
                        .isPresent();
    }

    private void mean(Node node) {
        List<String> inputs = new ArrayList<>(List.of(rewriting.read(node, 0, 1, 2)));
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        if (rewriting.opset() >= OPSET_OF_AXES_INPUT
                && attributes.remove("axes") instanceof IntList(List<Long> axes)) {
            long[] values = axes.stream().mapToLong(Long::longValue).toArray();
            String name = rewriting.fresh(node.output(0) + "_axes");
            rewriting.setConstant(name, Tensor.ofLongs(Shape.of(values.length), values));
            inputs.add(name);
        }
        finish(node, floatNode(node, "ReduceMean", inputs, attributes), 3, 4);
    }

    /** Its parameters come first, then codes, scale and zero point of each part. */
    private void concatenation(Node node) {
        List<String> parts = new ArrayList<>();
        for (int i = 2; i < node.inputs().size(); i += 3) {
            parts.add(rewriting.read(node, i, i + 1, i + 2));
        }
        finish(node, floatNode(node, "Concat", parts, node.attributes()), 0, 1);
    }

    private void choice(Node node) {
        String one = rewriting.read(node, 1, 2, 3);
        String other = rewriting.read(node, 4, 5, 6);
        List<String> inputs = List.of(node.input(0), one, other);
        finish(node, floatNode(node, "Where", inputs, Map.of()), 7, 8);
    }

    private void finish(Node node, Node operator, int scale, int zeroPoint) {
        finish(rewriting, node, operator, scale, zeroPoint);
    }

    /**
     * Adds the float operator and lets its result stand in for the codes that the node delivers.
     */
    static void finish(
            FloatRewriting rewriting, Node node, Node operator, int scale, int zeroPoint) {
        if (node.integer("channels_last", 0) != 0) {
            throw FloatRewriting.refusal(
                    node,
                    "its channels come last (channels_last), which only ONNX Runtime's optimizer"
                            + " writes; dequantize the model as it was before optimization");
        }
        String codes = node.output(0);
        String real = rewriting.nameless(codes + "_raw");
        rewriting.emit(operator.withOutputs(List.of(real)));
        Affine affine = rewriting.affine(node, scale, zeroPoint);
        rewriting.write(node, codes, format(rewriting, node, zeroPoint), affine, real);
    }

    private static IntegerFormat format(FloatRewriting rewriting, Node node, int zeroPoint) {
        if (!node.hasInput(zeroPoint)) {
            throw FloatRewriting.refusal(node, "its result has no zero point to tell its type");
        }
        DataType type = rewriting.constant(node.input(zeroPoint)).orElseThrow().type();
        return FloatConstants.format(type)
                .orElseThrow(() -> FloatRewriting.refusal(node, "its codes are " + type));
    }

    /** A standard operator with a quantized one's name. */
    static Node floatNode(
            Node node, String operator, List<String> inputs, Map<String, Attribute> attributes) {
        Map<String, Attribute> kept = new LinkedHashMap<>(attributes);
        kept.remove("channels_last");
        return new Node(node.name(), operator, "", inputs, node.outputs(), kept, Extras.NONE);
    }
}
