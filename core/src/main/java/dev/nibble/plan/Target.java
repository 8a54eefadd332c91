package dev.nibble.plan;

import static dev.nibble.plan.Target.Kind.ACTIVATION;
import static dev.nibble.plan.Target.Kind.ELEMENTWISE;
import static dev.nibble.plan.Target.Kind.SHAPE;
import static dev.nibble.plan.Target.Kind.WEIGHTED;

import java.util.Map;
import java.util.Optional;

/**
 * What a runtime on a kind of processor executes well on codes.
 *
 * @param name as in {@code onnxruntime-cpu}
 * @param operators the standard operators that have integer kernels or are transparent to codes;
 *     all others stay float
 */
public record Target(String name, Map<String, Kind> operators) {
    /** The part that an operator plays in a quantized graph. */
    public enum Kind {
        /** Multiplies by constant weights; the heart of a quantized region. */
        WEIGHTED,
        /** Computes on the codes of its inputs and has a range of its own. */
        ELEMENTWISE,
        /**
         * Moves codes without changing them, or picks some: inputs and output share one encoding.
         */
        SHAPE,
        /**
         * Clips: disappears into the range of its output where it directly follows a quantized
         * node.
         */
        ACTIVATION
    }

    /**
     * ONNX Runtime's CPU provider: QLinearConv, QGemm, QLinearMatMul, QLinearAdd, QLinearMul,
     * QLinearSigmoid, QLinearLeakyRelu, QLinearWhere and the pooling kernels; Q/DQ pairs around
     * shape operators are dropped when a model is loaded. QLinearSoftmax is left out: in 8 bits
     * most small probabilities become 0.
     */
    public static final Target ONNX_RUNTIME_CPU =
            new Target(
                    "onnxruntime-cpu",
                    Map.ofEntries(
                            Map.entry("Conv", WEIGHTED),
                            Map.entry("Gemm", WEIGHTED),
                            Map.entry("MatMul", WEIGHTED),
                            Map.entry("Add", ELEMENTWISE),
                            Map.entry("Mul", ELEMENTWISE),
                            Map.entry("Sigmoid", ELEMENTWISE),
                            Map.entry("LeakyRelu", ELEMENTWISE),
                            Map.entry("AveragePool", ELEMENTWISE),
                            Map.entry("GlobalAveragePool", ELEMENTWISE),
                            Map.entry("MaxPool", SHAPE),
                            Map.entry("Concat", SHAPE),
                            Map.entry("Reshape", SHAPE),
                            Map.entry("Flatten", SHAPE),
                            Map.entry("Transpose", SHAPE),
                            Map.entry("Squeeze", SHAPE),
                            Map.entry("Unsqueeze", SHAPE),
                            Map.entry("Slice", SHAPE),
                            Map.entry("Split", SHAPE),
                            Map.entry("Pad", SHAPE),
                            Map.entry("Resize", SHAPE),
                            Map.entry("Expand", SHAPE),
                            Map.entry("DepthToSpace", SHAPE),
                            Map.entry("SpaceToDepth", SHAPE),
                            Map.entry("Tile", SHAPE),
                            Map.entry("Gather", SHAPE),
                            Map.entry("GatherElements", SHAPE),
                            Map.entry("ReduceMax", SHAPE),
                            Map.entry("ReduceMin", SHAPE),
                            Map.entry("Where", ELEMENTWISE),
                            Map.entry("Identity", SHAPE),
                            Map.entry("Dropout", SHAPE),
                            Map.entry("Relu", ACTIVATION),
                            Map.entry("Clip", ACTIVATION)));

    public Target {
        operators = Map.copyOf(operators);
    }

    public Optional<Kind> kind(dev.nibble.graph.Node node) {
        return node.domain().isEmpty()
                ? Optional.ofNullable(operators.get(node.opType()))
                : Optional.empty();
    }
}
