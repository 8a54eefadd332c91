package dev.nibble.cost;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Shapes of values for one sample: as declared, else inferred through the operators of common
 * networks.
 *
 * <p>A first axis of symbolic size counts as 1. What cannot be told is unknown.
 */
final class ValueShapes {
    /** Operators whose result has the shape of their first input. */
    private static final Set<String> SHAPE_KEEPING =
            Set.of(
                    "Relu",
                    "Clip",
                    "Sigmoid",
                    "Tanh",
                    "LeakyRelu",
                    "HardSigmoid",
                    "HardSwish",
                    "Elu",
                    "Selu",
                    "Gelu",
                    "Erf",
                    "Exp",
                    "Log",
                    "Sqrt",
                    "Neg",
                    "Abs",
                    "Softplus",
                    "Mish",
                    "Softmax",
                    "LogSoftmax",
                    "BatchNormalization",
                    "InstanceNormalization",
                    "LayerNormalization",
                    "LRN",
                    "Identity",
                    "Dropout",
                    "Cast",
                    "Round",
                    "QuantizeLinear",
                    "DequantizeLinear",
                    "DynamicQuantizeLinear",
                    "QLinearSigmoid",
                    "QLinearLeakyRelu",
                    "QLinearSoftmax");

    private final Graph graph;
    private final AxisShapes axes;
    private final Map<String, Shape> shapes = new HashMap<>();

    ValueShapes(Graph graph) {
        this(graph, Map.of());
    }

    /** With the shapes of inputs that are fed, whatever is declared of them. */
    ValueShapes(Graph graph, Map<String, Shape> fed) {
        this.graph = graph;
        this.axes = new AxisShapes(graph);
        graph.inputs().forEach(this::declare);
        shapes.putAll(fed);
        graph.values().values().forEach(this::declare);
        graph.outputs().forEach(this::declare);
        graph.constants().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        graph.nodes().forEach(this::infer);
    }

    /** The shape of a value, if it is known. */
    Optional<Shape> of(String value) {
        return Optional.ofNullable(shapes.get(value));
    }

    private void declare(ValueInfo info) {
        if (info.type() instanceof RankedTensor(_, List<Dimension> dims)) {
            long[] sizes = new long[dims.size()];
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = dims.get(i) instanceof Fixed(long size) ? size : i == 0 ? 1 : -1;
                if (sizes[i] < 0) {
                    return;
                }
            }
            shapes.put(info.name(), Shape.of(sizes));
        }
    }

    private void infer(Node node) {
        if (node.outputs().isEmpty() || shapes.containsKey(node.output(0))) {
            return;
        }
        Optional<Shape> constant = graph.constant(node.output(0)).map(Tensor::shape);
        constant.or(() -> result(node)).ifPresent(shape -> shapes.put(node.output(0), shape));
        if (node.is("Split") && node.integers("split").isEmpty() && !node.hasInput(1)) {
            of(node.output(0))
                    .ifPresent(part ->
                            node.outputs().forEach(output -> shapes.putIfAbsent(output, part)));
        }
    }

    private Optional<Shape> result(Node node) {
        if (SHAPE_KEEPING.contains(node.opType())) {
            return of(node.input(0));
        }
        return switch (node.opType()) {
            case "Conv", "ConvInteger" -> windows(node, 1);
            case "QLinearConv" -> windows(node, 3);
            case "ConvTranspose" ->
                    of(node.input(0))
                            .flatMap(input ->
                                    of(node.input(1))
                                            .flatMap(kernel ->
                                                    AxisShapes.spread(node, input, kernel)));
            case "MaxPool", "AveragePool", "QLinearAveragePool" -> pooled(node);
            case "GlobalAveragePool", "GlobalMaxPool", "QLinearGlobalAveragePool" ->
                    of(node.input(0)).filter(shape -> shape.rank() > 2).map(ValueShapes::global);
            case "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "PRelu" ->
                    broadcast(of(node.input(0)), of(node.input(1)));
            case "QLinearAdd", "QLinearMul" -> broadcast(of(node.input(0)), of(node.input(3)));
            case "Flatten" -> of(node.input(0)).map(shape -> flat(node, shape));
            case "Gemm" -> gemm(node, 1);
            case "QGemm" -> gemm(node, 3);
            case "MatMul", "MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul" ->
                    product(of(node.input(0)), of(node.input(1)));
            case "QLinearMatMul" -> product(of(node.input(0)), of(node.input(3)));
            case "Transpose" -> of(node.input(0)).flatMap(shape -> transposed(node, shape));
            case "Concat" -> concatenated(node, node.inputs());
            case "QLinearConcat" ->
                    concatenated(
                            node,
                            IntStream.range(0, (node.inputs().size() - 2) / 3)
                                    .mapToObj(part -> node.input(2 + 3 * part))
                                    .toList());
            case "Reshape" -> reshaped(node);
            default -> of(node.input(0)).flatMap(shape -> axes.result(node, shape));
        };
    }

    private Optional<Shape> windows(Node node, int weight) {
        Optional<Shape> input = of(node.input(0));
        Optional<Shape> kernel = of(node.input(weight));
        if (input.isEmpty()
                || kernel.isEmpty()
                || input.get().rank() != kernel.get().rank()
                || input.get().rank() < 3) {
            return Optional.empty();
        }
        long[] kernels = kernel.get().dims();
        return Windows.of(node, input.get(), Arrays.copyOfRange(kernels, 2, kernels.length))
                .map(windows -> windows.shape(kernels[0]));
    }

    private Optional<Shape> pooled(Node node) {
        Optional<List<Long>> kernel = node.integers("kernel_shape");
        return of(node.input(0))
                .filter(shape -> kernel.isPresent() && shape.rank() == kernel.get().size() + 2)
                .flatMap(shape ->
                        Windows.of(
                                        node,
                                        shape,
                                        kernel.orElseThrow().stream()
                                                .mapToLong(Long::longValue)
                                                .toArray())
                                .map(windows -> windows.shape(shape.dim(1))));
    }

    private static Shape global(Shape shape) {
        long[] dims = shape.dims();
        Arrays.fill(dims, 2, dims.length, 1);
        return Shape.of(dims);
    }

    /** Aligned at the last axis. An unknown operand is taken to be no larger than the known one. */
    private static Optional<Shape> broadcast(Optional<Shape> one, Optional<Shape> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other).filter(ValueShapes::decides);
        }
        long[] a = one.get().dims();
        long[] b = other.get().dims();
        long[] dims = new long[Math.max(a.length, b.length)];
        for (int i = 1; i <= dims.length; i++) {
            long x = i <= a.length ? a[a.length - i] : 1;
            long y = i <= b.length ? b[b.length - i] : 1;
            if (x != y && x != 1 && y != 1) {
                return Optional.empty();
            }
            dims[dims.length - i] = x == 1 ? y : x;
        }
        return Optional.of(Shape.of(dims));
    }

    /** Whether no axis but the first could be stretched by another operand. */
    private static boolean decides(Shape shape) {
        long[] dims = shape.dims();
        for (int i = 1; i < dims.length; i++) {
            if (dims[i] == 1) {
                return false;
            }
        }
        return dims.length > 1;
    }

    private static Shape flat(Node node, Shape shape) {
        int axis = Math.toIntExact(node.integer("axis", 1));
        int at = axis < 0 ? axis + shape.rank() : axis;
        return Shape.of(shape.product(0, at), shape.product(at, shape.rank()));
    }

    private Optional<Shape> gemm(Node node, int weight) {
        boolean transA = node.integer("transA", 0) != 0;
        boolean transB = node.integer("transB", 0) != 0;
        return of(node.input(0))
                .flatMap(a ->
                        of(node.input(weight))
                                .filter(b -> a.rank() == 2 && b.rank() == 2)
                                .map(b -> Shape.of(a.dim(transA ? 1 : 0), b.dim(transB ? 0 : 1))));
    }

    private static Optional<Shape> product(Optional<Shape> one, Optional<Shape> other) {
        if (one.isEmpty() || other.isEmpty() || one.get().rank() < 2 || other.get().rank() < 2) {
            return Optional.empty();
        }
        Shape a = one.get();
        Shape b = other.get();
        Optional<Shape> batch = broadcast(Optional.of(front(a)), Optional.of(front(b)));
        return batch.map(dims -> {
            long[] all = Arrays.copyOf(dims.dims(), dims.rank() + 2);
            all[all.length - 2] = a.dim(-2);
            all[all.length - 1] = b.dim(-1);
            return Shape.of(all);
        });
    }

    private static Shape front(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 2));
    }

    private static Optional<Shape> transposed(Node node, Shape shape) {
        int rank = shape.rank();
        long[] dims = new long[rank];
        Optional<List<Long>> permutation = node.integers("perm");
        if (permutation.isPresent() && permutation.get().size() != rank) {
            return Optional.empty();
        }
        for (int i = 0; i < rank; i++) {
            int from =
                    permutation.isPresent()
                            ? Math.toIntExact(permutation.get().get(i))
                            : rank - 1 - i;
            dims[i] = shape.dim(from);
        }
        return Optional.of(Shape.of(dims));
    }

    private Optional<Shape> concatenated(Node node, List<String> parts) {
        long[] dims = of(parts.getFirst()).map(Shape::dims).orElse(new long[0]);
        long axis = node.integer("axis", 1);
        int at = Math.toIntExact(axis < 0 ? axis + dims.length : axis);
        if (at < 0 || at >= dims.length) {
            return Optional.empty();
        }
        dims[at] = 0;
        for (String name : parts) {
            Optional<Shape> part = of(name).filter(shape -> shape.rank() == dims.length);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            dims[at] += part.get().dim(at);
        }
        return Optional.of(Shape.of(dims));
    }

    private Optional<Shape> reshaped(Node node) {
        Optional<Shape> input = of(node.input(0));
        Optional<Tensor> target = graph.constant(node.input(1));
        if (input.isEmpty() || target.isEmpty() || node.integer("allowzero", 0) != 0) {
            return Optional.empty();
        }
        long[] dims = target.get().longs();
        long known = 1;
        int open = -1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 0 && i < input.get().rank()) {
                dims[i] = input.get().dim(i);
            }
            if (dims[i] == -1) {
                open = i;
            } else {
                known *= dims[i];
            }
        }
        long elements = input.get().elements();
        if (open >= 0 && known > 0 && elements % known == 0) {
            dims[open] = elements / known;
            known = elements;
        }
        return known == elements && known > 0 ? Optional.of(Shape.of(dims)) : Optional.empty();
    }
}
