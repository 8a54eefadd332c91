package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Gives nodes constants of their own, so that they can be fitted without touching other readers.
 * The float function stays the same.
 */
public final class OwnConstants {
    private OwnConstants() {}

    /**
     * The draft in which a Conv or Gemm has a bias that it alone reads: a copy of a shared one, or
     * zeros where there was none.
     */
    public static Draft bias(Draft draft, Node node) {
        Graph graph = draft.graph();
        WeightedNode weighted = WeightedNode.of(graph, node).orElseThrow();
        if (node.is("MatMul")) {
            throw new IllegalArgumentException("MatMul " + node.name() + " takes no bias");
        }
        boolean own =
                weighted.hasBias()
                        && graph.constants().containsKey(weighted.biasName())
                        && graph.consumers(weighted.biasName()).size() == 1
                        && !graph.isOutput(weighted.biasName());
        if (own) {
            return draft;
        }
        int channels = weighted.outputChannels();
        float[] values = new float[channels];
        if (weighted.hasBias()) {
            float[] shared = draft.fittedConstant(weighted.biasName()).floats();
            System.arraycopy(shared, 0, values, 0, channels);
        }
        return draft.mapGraph(same -> same.edit(editor -> give(editor, node, values)));
    }

    private static void give(GraphEditor editor, Node node, float[] bias) {
        String name = editor.fresh(node.name() + "_bias");
        editor.constant(name, Tensor.ofFloats(Shape.of(bias.length), bias));
        List<String> inputs = new ArrayList<>(node.inputs().subList(0, 2));
        inputs.add(name);
        editor.update(node, same -> same.withInputs(inputs));
    }
}
