package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a layer that was left float really float.
 *
 * <p>ONNX Runtime quantizes the float weights of a Conv, ConvTranspose or Gemm that stands between
 * DequantizeLinear and QuantizeLinear when it loads a model, with one scale for the whole tensor
 * (its graph transformer WeightBiasQuantization); a depthwise layer does not survive that. A node
 * that does nothing in front of the layer, one that the optimizer does not see through, hides the
 * DequantizeLinear.
 */
final class FloatIsland {
    private FloatIsland() {}

    static void protect(Graph graph, Plan plan, GraphEditor editor) {
        for (Node node : graph.nodes()) {
            if (tempts(node)
                    && plan.node(node.name()).orElse(null) instanceof NodeDecision.KeptFloat
                    && graph.constant(node.input(1)).isPresent()
                    && plan.encoding(node.input(0)).isPresent()) {
                hide(node, editor);
            }
        }
    }

    /** Protects a layer that computes in float on values that were codes. */
    static void protect(Node node, GraphEditor editor) {
        if (tempts(node)) {
            hide(node, editor);
        }
    }

    private static boolean tempts(Node node) {
        return node.is("Conv") || node.is("ConvTranspose") || node.is("Gemm");
    }

    /** Puts a node that does nothing in front of the first input. */
    private static void hide(Node node, GraphEditor editor) {
        editor.update(
                node,
                same -> {
                    String hidden = editor.fresh(node.input(0) + "_float");
                    // Max of one operand is that operand; it costs one copy
                    editor.insertBefore(
                            node,
                            Node.of(
                                    node.name() + "_island",
                                    "Max",
                                    List.of(same.input(0)),
                                    List.of(hidden)));
                    List<String> inputs = new ArrayList<>(same.inputs());
                    inputs.set(0, hidden);
                    return same.withInputs(inputs);
                });
    }
}
