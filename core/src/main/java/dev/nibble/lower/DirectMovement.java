package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets nodes move codes themselves that ONNX Runtime would make floats of first.
 *
 * <p>Around most operators that only move numbers it drops a pair of DequantizeLinear and
 * QuantizeLinear with one scale. Around these it does not, though it has kernels for 8 bits: {@code
 * DequantizeLinear → Pad → QuantizeLinear} becomes {@code Pad} of codes, padded with the code of 0.
 */
final class DirectMovement {
    private static final Set<String> MOVERS = Set.of("Pad", "SpaceToDepth");

    private final Graph graph;
    private final GraphEditor editor;

    private DirectMovement(Graph graph, GraphEditor editor) {
        this.graph = graph;
        this.editor = editor;
    }

    /** The graph with such nodes on codes. */
    static Graph apply(Graph graph) {
        return graph.edit(editor -> {
            DirectMovement movement = new DirectMovement(graph, editor);
            graph.nodes().stream()
                    .filter(node -> node.domain().isEmpty() && MOVERS.contains(node.opType()))
                    .forEach(movement::move);
        });
    }

    private void move(Node node) {
        Optional<Node> from =
                graph.producer(node.input(0)).filter(made -> made.is("DequantizeLinear"));
        Optional<Node> to =
                graph.soleConsumer(node.output(0)).filter(reader -> reader.is("QuantizeLinear"));
        boolean fits =
                from.isPresent()
                        && to.isPresent()
                        && to.get().inputs().size() == 3
                        && parameters(from.get()).equals(parameters(to.get()))
                        && graph.constant(to.get().input(2))
                                .filter(DirectMovement::isOneByte)
                                .isPresent();
        if (!fits) {
            return;
        }
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, from.get().input(0));
        if (node.is("Pad") && node.text("mode").orElse("constant").equals("constant")) {
            // the zero point is the code of 0, with which it pads
            if (inputs.size() == 2) {
                inputs.add("");
            }
            inputs.set(2, to.get().input(2));
        }
        editor.update(node, same -> same.withInputs(inputs).withOutputs(to.get().outputs()));
        editor.remove(to.get());
        editor.removeValue(node.output(0));
        if (graph.soleConsumer(node.input(0)).isPresent()) {
            editor.remove(from.get());
            editor.removeValue(node.input(0));
        }
    }

    private static List<String> parameters(Node pair) {
        return pair.inputs().subList(1, pair.inputs().size());
    }

    private static boolean isOneByte(Tensor zeroPoint) {
        return zeroPoint.elements() == 1 && zeroPoint.type().bits() == Byte.SIZE;
    }
}
