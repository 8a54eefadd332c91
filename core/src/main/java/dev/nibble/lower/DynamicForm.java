package dev.nibble.lower;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.lower.CodeSource.Dynamic;
import dev.nibble.lower.CodeSource.Static;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Integer products whose scales are applied behind them: MatMulInteger or ConvInteger, Cast to
 * float, Mul by the scales of both operands.
 *
 * <p>The whole chain becomes one float product under the name of the last result.
 */
record DynamicForm(FloatRewriting rewriting) implements QuantizedForm {
    private static final int COLUMNS = -1;
    private static final int CHANNELS = 0;

    @Override
    public Map<String, Consumer<Node>> operators() {
        return Map.ofEntries(
                Map.entry("MatMulInteger", node -> undo(node, "MatMul", COLUMNS)),
                Map.entry("ConvInteger", node -> undo(node, "Conv", CHANNELS)));
    }

    /** The nodes that scale an integer product, and by what. */
    private static final class Scaling {
        private final List<Node> nodes = new ArrayList<>();
        private final List<String> computed = new ArrayList<>();
        private final List<Tensor> constants = new ArrayList<>();
        private String result = "";
    }

    private void undo(Node node, String operator, int axis) {
        Scaling scaling = scaling(node);
        String one = operand(node, 0, 2, scaling);
        Optional<Tensor> weights = rewriting.uncast(node.input(1)).flatMap(rewriting::constant);
        String other =
                weights.isPresent()
                        ? rewriting.makeConstant(
                                node.input(1), weights(node, weights.get(), axis, scaling))
                        : operand(node, 1, 3, scaling);
        if (!scaling.computed.isEmpty() || !scaling.constants.isEmpty()) {
            throw FloatRewriting.refusal(
                    node, "its result is scaled by more than the scales of its operands");
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        rewriting.emit(
                new Node(
                        node.name(),
                        operator,
                        "",
                        List.of(one, other),
                        List.of(scaling.result),
                        attributes,
                        Extras.NONE));
        rewriting.forget(node.output(0));
        scaling.nodes.forEach(rewriting::settle);
    }

    /**
     * Follows the result through Cast and Mul until the scales of all computed operands are met.
     */
    private Scaling scaling(Node node) {
        Graph graph = rewriting.graph();
        Scaling scaling = new Scaling();
        Node cast =
                graph.soleConsumer(node.output(0))
                        .filter(reader -> reader.is("Cast"))
                        .filter(reader -> isReal(reader.integer("to", 0)))
                        .orElseThrow(() ->
                                FloatRewriting.refusal(
                                        node, "its result does not go into a Cast to float alone"));
        scaling.nodes.add(cast);
        String at = cast.output(0);
        while (scaling.computed.size() < dynamicOperands(node) || scaling.constants.isEmpty()) {
            Optional<Node> mul = graph.soleConsumer(at).filter(reader -> reader.is("Mul"));
            if (mul.isEmpty() || !factors(graph, mul.get(), at, scaling)) {
                break;
            }
            scaling.nodes.add(mul.get());
            at = mul.get().output(0);
        }
        scaling.result = at;
        return scaling;
    }

    private int dynamicOperands(Node node) {
        return (int)
                List.of(node.input(0), node.input(1)).stream()
                        .filter(codes -> rewriting.source(codes).orElse(null) instanceof Dynamic)
                        .count();
    }

    /** What a Mul multiplies by; false if that is not made of scales only. */
    private boolean factors(Graph graph, Node mul, String product, Scaling scaling) {
        String factor = mul.input(0).equals(product) ? mul.input(1) : mul.input(0);
        if (factor.equals(product)) {
            return false;
        }
        List<String> computed = new ArrayList<>();
        List<Tensor> constants = new ArrayList<>();
        if (!collect(graph, factor, computed, constants)) {
            return false;
        }
        scaling.computed.addAll(computed);
        scaling.constants.addAll(constants);
        return true;
    }

    private boolean collect(
            Graph graph, String factor, List<String> computed, List<Tensor> constants) {
        Optional<Tensor> constant = rewriting.constant(factor);
        if (constant.isPresent()) {
            constants.add(constant.get());
            return true;
        }
        Optional<Node> producer = graph.producer(factor);
        if (producer.isPresent() && producer.get().is("DynamicQuantizeLinear")) {
            computed.add(factor);
            return factor.equals(producer.get().output(1));
        }
        if (producer.isPresent() && producer.get().is("Mul")) {
            rewriting.expendable(producer.get());
            return collect(graph, producer.get().input(0), computed, constants)
                    && collect(graph, producer.get().input(1), computed, constants);
        }
        return false;
    }

    /** The float value of an operand that the network computes; its scale is taken off the list. */
    private String operand(Node node, int codes, int zeroPoint, Scaling scaling) {
        return switch (rewriting.source(node.input(codes)).orElse(null)) {
            case Dynamic(String real, String scale, String itsZeroPoint) -> {
                if (!node.input(zeroPoint).equals(itsZeroPoint)) {
                    throw FloatRewriting.refusal(
                            node,
                            "it reads "
                                    + node.input(codes)
                                    + " with another zero point than the"
                                    + " one computed with it");
                }
                if (!scaling.computed.remove(scale)) {
                    throw FloatRewriting.refusal(
                            node, "its result is not multiplied by the scale " + scale);
                }
                yield real;
            }
            case Static(String real, _, Affine affine) -> {
                if (zeroPoint(node, zeroPoint) != affine.zeroPoint()) {
                    throw FloatRewriting.refusal(
                            node, "it reads " + node.input(codes) + " with another zero point");
                }
                // the product of reals holds this scale already
                float inverse = 1 / affine.scale();
                scaling.constants.add(Tensor.ofFloats(Shape.scalar(), inverse));
                yield real;
            }
            case null ->
                    throw FloatRewriting.refusal(
                            node,
                            "it reads the codes "
                                    + node.input(codes)
                                    + ", which come from no quantizing node");
        };
    }

    private int zeroPoint(Node node, int input) {
        return node.hasInput(input)
                ? rewriting
                        .constant(node.input(input))
                        .filter(tensor -> tensor.elements() == 1)
                        .map(tensor -> Math.toIntExact(tensor.longs()[0]))
                        .orElseThrow(() ->
                                FloatRewriting.refusal(
                                        node, "its zero points are not one constant"))
                : 0;
    }

    /** The weights times all constant factors, which come off the list. */
    private Tensor weights(Node node, Tensor codes, int axis, Scaling scaling) {
        Shape shape = codes.shape();
        Optional<Tensor> zeroPoints =
                node.hasInput(3) ? rewriting.constant(node.input(3)) : Optional.empty();
        if (node.hasInput(3) && zeroPoints.isEmpty()) {
            throw FloatRewriting.refusal(node, "the zero points of its weights are no constant");
        }
        boolean several =
                zeroPoints.map(Tensor::elements).orElse(1L) > 1
                        || scaling.constants.stream().anyMatch(tensor -> tensor.elements() > 1);
        int groups = several ? Math.toIntExact(shape.dim(axis)) : 1;
        double[] scales = new double[groups];
        Arrays.fill(scales, 1);
        int fromEnd = axis == COLUMNS ? 1 : shape.rank() - 1;
        for (Tensor factor : scaling.constants) {
            requireGroups(node, factor, groups, fromEnd);
            float[] values = factor.floats();
            for (int i = 0; i < groups; i++) {
                scales[i] *= values[values.length == 1 ? 0 : i];
            }
        }
        scaling.constants.clear();
        return dequantize(node, codes, axis, scales, zeroPoints);
    }

    private Tensor dequantize(
            Node node, Tensor codes, int axis, double[] scales, Optional<Tensor> zeroPoints) {
        int[] zeros = new int[scales.length];
        if (zeroPoints.isPresent()) {
            requireGroups(node, zeroPoints.get(), zeros.length, 1);
            long[] given = zeroPoints.get().longs();
            for (int i = 0; i < zeros.length; i++) {
                zeros[i] = Math.toIntExact(given[given.length == 1 ? 0 : i]);
            }
        }
        float[] floats = new float[scales.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) scales[i];
        }
        Granularity granularity = floats.length == 1 ? Granularity.perTensor() : new PerAxis(axis);
        Affine affine =
                Affine.of(Tensor.ofFloats(Shape.of(floats.length), floats), zeros, granularity);
        return rewriting.floats(node, node.input(1), codes, affine);
    }

    private static void requireGroups(Node node, Tensor tensor, int groups, int fromEnd) {
        Shape shape = tensor.shape();
        boolean perGroup =
                tensor.elements() == groups
                        && shape.rank() >= fromEnd
                        && shape.dim(-fromEnd) == groups;
        if (tensor.elements() != 1 && !perGroup) {
            throw FloatRewriting.refusal(
                    node,
                    "its result is scaled by %s, which is neither one number nor one for each of %d output channels"
                            .formatted(tensor, groups));
        }
    }

    private static boolean isReal(long onnxCode) {
        return CodeArithmetic.ofOnnxCode(onnxCode)
                .filter(type -> type == DataType.FLOAT32)
                .isPresent();
    }
}
