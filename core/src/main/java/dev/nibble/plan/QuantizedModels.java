package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.Optional;
import java.util.stream.Stream;

/** Recognises networks that are quantized already. */
public final class QuantizedModels {
    private QuantizedModels() {}

    /**
     * The first node that computes on or converts to codes, also inside of subgraphs: Q/DQ,
     * QOperator or dynamic form.
     */
    public static Optional<Node> evidence(Graph graph) {
        return nodes(graph).findFirst();
    }

    /** All nodes that compute on or convert to codes, also inside of subgraphs. */
    public static Stream<Node> nodes(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node ->
                        isOfCodes(node) || FoldedCodes.find(graph, node).isPresent()
                                ? Stream.of(node)
                                : node.subgraphs().flatMap(QuantizedModels::nodes));
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
                            "MatMulBnb4",
                            "MatMulFpQ4",
                            "NhwcMaxPool",
                            "GatherBlockQuantized",
                            "QAttention",
                            "QMoE",
                            "QEmbedLayerNormalization" ->
                            true;
                    default -> false;
                };
    }
}
