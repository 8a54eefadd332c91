package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.pass.ChannelGroup.Port;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scales the channels of values: what makes a channel multiplies it by its factor, what reads it
 * divides. The function stays the same up to float rounding.
 */
final class Rescaling {
    private final Map<Node, double[]> outputs = new HashMap<>();
    private final Map<Node, double[]> inputs = new HashMap<>();

    /** Notes the factors of a group, one a slot. */
    void scale(ChannelGroup group, double[] factors) {
        group.writers().forEach(writer -> outputs.put(writer.node(), pick(writer, factors)));
        group.readers().forEach(reader -> inputs.put(reader.node(), pick(reader, factors)));
    }

    /** The factor of each channel of a port. */
    static double[] pick(Port port, double[] factors) {
        return Arrays.stream(port.slots()).mapToDouble(slot -> factors[slot]).toArray();
    }

    /** The graph with all factors in the constants of its nodes. */
    Graph applyTo(Graph graph) {
        Graph scaled =
                graph.edit(editor -> {
                    for (Node node : graph.nodes()) {
                        if (outputs.containsKey(node) || inputs.containsKey(node)) {
                            rewrite(graph, editor, node);
                        }
                    }
                });
        return UnusedConstants.removeFrom(scaled);
    }

    private void rewrite(Graph graph, GraphEditor editor, Node node) {
        List<String> names = new ArrayList<>(node.inputs());
        Optional<LinearNode> linear = LinearNode.of(graph, node);
        for (int i = linear.isPresent() ? 1 : 0; i < Math.min(3, names.size()); i++) {
            boolean weights = linear.isPresent() && i == 1;
            Optional<Tensor> constant = graph.constant(names.get(i));
            if (constant.isPresent()) {
                Tensor changed =
                        weights ? weights(node, linear.get()) : multiply(node, constant.get());
                // a fresh name: the old constant may have other readers
                names.set(i, editor.fresh(names.get(i) + "_scaled"));
                editor.constant(names.get(i), changed);
            }
        }
        editor.update(node, same -> same.withInputs(names));
    }

    private Tensor weights(Node node, LinearNode linear) {
        float[] weights = linear.weight().floats();
        double[] up = outputs.get(node);
        double[] down = inputs.get(node);
        for (int i = 0; i < weights.length; i++) {
            double factor = up == null ? 1 : up[linear.channels().output(i)];
            double divisor = down == null ? 1 : down[linear.channels().input(i)];
            weights[i] = (float) (weights[i] * factor / divisor);
        }
        return Tensor.ofFloats(linear.weight().shape(), weights);
    }

    /** A bias or the like: one number a channel. */
    private Tensor multiply(Node node, Tensor row) {
        double[] factors = outputs.get(node);
        if (factors == null) {
            return row;
        }
        float[] values = row.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * factors[i]);
        }
        return Tensor.ofFloats(row.shape(), values);
    }
}
