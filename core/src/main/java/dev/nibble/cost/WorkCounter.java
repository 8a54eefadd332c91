package dev.nibble.cost;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.opset.ValueTypes;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Goes through the nodes of a graph and counts their {@link Work}. */
final class WorkCounter {
    private static final int CODE_BITS = 8;

    /** Products that a runtime computes on codes if both operands are some. */
    private static final Set<String> ON_CODES = Set.of("Conv", "Gemm", "MatMul");

    /** Operators whose operands are codes by themselves. */
    private static final Set<String> ON_CODES_ALWAYS =
            Set.of(
                    "ConvInteger",
                    "QLinearConv",
                    "QGemm",
                    "MatMulInteger",
                    "QLinearMatMul",
                    "MatMulIntegerToFloat",
                    "DynamicQuantizeMatMul");

    private static final Set<String> CONVERSIONS = Set.of("QuantizeLinear", "DequantizeLinear");

    /** What gives the same numbers in the same order. */
    private static final Set<String> VIEWS =
            Set.of("Constant", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Shape");

    /** What runtimes do in the register of the node before. */
    private static final Set<String> CLAMPS = Set.of("Relu", "Clip");

    private final Graph graph;
    private final ValueShapes shapes;
    private final MultiplyAdds multiplyAdds;
    private final ValueTypes types;
    private final Map<Arithmetic, Long> products = new EnumMap<>(Arithmetic.class);
    private final Map<MemoryLevel, Long> bytes = new EnumMap<>(MemoryLevel.class);
    private final Set<String> unknown = new LinkedHashSet<>();
    private final Set<String> madeOfConstants = new HashSet<>();
    private long activationBytes;

    WorkCounter(Graph graph, Map<String, Shape> fed) {
        this.graph = graph;
        this.shapes = new ValueShapes(graph, fed);
        this.multiplyAdds = new MultiplyAdds(shapes);
        this.types = ValueTypes.in(graph);
    }

    Work count() {
        for (Node node : graph.nodes()) {
            OptionalLong work = multiplyAdds.of(node);
            work.ifPresent(count -> products.merge(arithmetic(node), count, Long::sum));
            if (work.isEmpty() && MultiplyAdds.multiplies(node)) {
                unknown.add(node.name());
            }
            if (isMadeOfConstants(node)) {
                madeOfConstants.addAll(node.outputs());
            } else if (!CONVERSIONS.contains(node.opType())
                    && !VIEWS.contains(node.opType())
                    && !isClampInRegister(node)) {
                move(node);
            }
        }
        long weights = graph.constantBytes();
        bytes.merge(MemoryLevel.holding(weights), weights, Long::sum);
        return new Work(products, weights, activationBytes, bytes, List.copyOf(unknown));
    }

    /** Whether a node only forms weights, as for codes in blocks: the constants are counted. */
    private boolean isMadeOfConstants(Node node) {
        return node.reads().findAny().isPresent() && node.reads().allMatch(this::isConstant);
    }

    private boolean isConstant(String value) {
        return graph.constant(value).isPresent() || madeOfConstants.contains(value);
    }

    private Arithmetic arithmetic(Node node) {
        if (ON_CODES_ALWAYS.contains(node.opType())
                || (ON_CODES.contains(node.opType())
                        && isCode(node.input(0))
                        && isCode(node.input(1)))) {
            return Arithmetic.INT8;
        }
        DataType type = types.of(node.input(0)).orElse(DataType.FLOAT32);
        return type == DataType.FLOAT16 || type == DataType.BFLOAT16
                ? Arithmetic.FLOAT16
                : Arithmetic.FLOAT32;
    }

    /** Whether a value is a code of at most 8 bits, dequantized for the node that reads it. */
    private boolean isCode(String value) {
        return graph.producer(value)
                .filter(node -> node.is("DequantizeLinear"))
                .flatMap(node -> types.of(node.input(0)))
                .filter(type -> type.bits() <= CODE_BITS)
                .isPresent();
    }

    private boolean isClampInRegister(Node node) {
        return CLAMPS.contains(node.opType())
                && graph.soleConsumer(node.input(0)).isPresent()
                && graph.producer(node.input(0))
                        .filter(before -> !before.is("DequantizeLinear"))
                        .isPresent();
    }

    private void move(Node node) {
        for (String input : new LinkedHashSet<>(node.inputs())) {
            String read = read(input);
            if (!read.isEmpty() && !isConstant(read)) {
                move(node, read);
            }
        }
        for (String output : node.outputs()) {
            boolean used = graph.isOutput(output) || !graph.consumers(output).isEmpty();
            if (!output.isEmpty() && used) {
                move(node, written(output));
            }
        }
    }

    private void move(Node node, String value) {
        Optional<Shape> shape = shapes.of(value);
        if (shape.isEmpty()) {
            unknown.add(node.name());
            return;
        }
        long size = types.of(value).orElse(DataType.FLOAT32).bytes(shape.get().elements());
        activationBytes += size;
        bytes.merge(MemoryLevel.holding(size), size, Long::sum);
    }

    /** What is read from memory for a value: the codes where it is dequantized on the way. */
    private String read(String value) {
        return graph.producer(value)
                .filter(node -> node.is("DequantizeLinear"))
                .map(node -> node.input(0))
                .orElse(value);
    }

    /** What is written to memory for a value: what clamping and quantizing make of it. */
    private String written(String value) {
        Optional<Node> clamp =
                graph.soleConsumer(value).filter(node -> CLAMPS.contains(node.opType()));
        if (clamp.isPresent()) {
            return written(clamp.get().output(0));
        }
        List<Node> readers = graph.consumers(value);
        boolean onlyQuantized =
                !graph.isOutput(value)
                        && !readers.isEmpty()
                        && readers.stream().allMatch(node -> node.is("QuantizeLinear"));
        return onlyQuantized ? readers.getFirst().output(0) : value;
    }
}
