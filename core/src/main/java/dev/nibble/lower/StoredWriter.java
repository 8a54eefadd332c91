package dev.nibble.lower;

import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightOperand;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes weights of nodes that compute in float whatever they read: LSTM and its like, transposed
 * convolutions, fused operators, tables of embeddings.
 *
 * <p>Weights become floats when the model is loaded, see {@link FoldedWeights}. A table does not:
 * its rows are gathered as codes and only those become floats, so that it takes a byte for each
 * number in memory, too.
 */
final class StoredWriter {
    private final Plan plan;
    private final GraphEditor editor;
    private final WeightWriter weights;

    StoredWriter(Plan plan, GraphEditor editor, WeightWriter weights) {
        this.plan = plan;
        this.editor = editor;
        this.weights = weights;
    }

    /** Writes the weights of a node that have encodings. */
    void write(Node node, List<WeightOperand> operands) {
        for (WeightOperand operand : operands) {
            if (plan.encoding(operand.name()).isEmpty()) {
                continue;
            }
            if (node.is("Gather")) {
                gather(operand);
            } else {
                fold(operand);
            }
        }
        if (plan.encoding(node.input(0)).isPresent()) {
            FloatIsland.protect(node, editor);
        }
    }

    private void fold(WeightOperand operand) {
        String floats = weights.writeFolded(operand.name(), operand.tensor());
        editor.update(
                operand.node(),
                node -> {
                    List<String> inputs = new ArrayList<>(node.inputs());
                    inputs.set(operand.input(), floats);
                    return node.withInputs(inputs);
                });
    }

    /** Looks up codes, and beside them the scales of the rows. */
    private void gather(WeightOperand operand) {
        Node node = operand.node();
        Encoding encoding = plan.encoding(operand.name()).orElseThrow();
        String indices = node.input(1);
        boolean whole = encoding.granularity() instanceof PerTensor;
        WeightWriter.Table table = weights.table(operand.name(), operand.tensor());
        String rows = editor.fresh(node.output(0) + "_quantized");
        List<Node> nodes = new ArrayList<>();
        nodes.add(node.withInputs(List.of(table.codes(), indices)).withOutputs(List.of(rows)));
        String real = whole ? node.output(0) : editor.fresh(node.output(0) + "_codes");
        nodes.add(
                Node.of(
                        node.name() + "_DequantizeLinear",
                        "DequantizeLinear",
                        table.unit().inputs(rows),
                        List.of(real)));
        if (!whole) {
            String scales = editor.fresh(node.output(0) + "_scales");
            nodes.add(
                    Node.of(
                            node.name() + "_scales",
                            "Gather",
                            List.of(table.scales(), indices),
                            List.of(scales)));
            nodes.add(Node.of(node.name() + "_Mul", "Mul", List.of(real, scales), node.outputs()));
        }
        editor.replace(node, nodes.toArray(Node[]::new));
    }
}
