package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.Optional;

/** Recognises networks that are quantized already. */
public final class QuantizedModels {
    private QuantizedModels() {}

    /** The first node that computes on or converts to codes: Q/DQ, QOperator or dynamic form. */
    public static Optional<Node> evidence(Graph graph) {
        return graph.nodes().stream().filter(QuantizedModels::isOfCodes).findFirst();
    }

    /**
     * Refuses a network that is quantized already.
     *
     * @throws NibbleException naming the node that shows it
     */
    public static void refuse(Graph graph) {
        evidence(graph)
                .ifPresent(node -> {
                    throw new NibbleException(
                            "the model is quantized already: node "
                                    + node.name()
                                    + " is "
                                    + node.operator()
                                    + "; undo it first with `nibble dequantize`");
                });
    }

    /** Whether a node belongs to a quantized form of ONNX. */
    public static boolean isOfCodes(Node node) {
        return node.opType().startsWith("QLinear")
                || node.opType().startsWith("QGemm")
                || switch (node.opType()) {
                    case "QuantizeLinear",
                            "DequantizeLinear",
                            "DynamicQuantizeLinear",
                            "ConvInteger",
                            "MatMulInteger",
                            "MatMulIntegerToFloat",
                            "DynamicQuantizeMatMul",
                            "DynamicQuantizeLSTM",
                            "MatMulNBits",
                            "GatherBlockQuantized",
                            "QAttention",
                            "QEmbedLayerNormalization" ->
                            true;
                    default -> false;
                };
    }
}
