package dev.nibble.lower;

import dev.nibble.graph.Extras;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.plan.WeightOperand;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes an LSTM that quantizes what it reads at run time: ONNX Runtime's DynamicQuantizeLSTM.
 *
 * <p>It takes weights as {@code [directions × in × 4·hidden]}, LSTM has the last two axes
 * exchanged, and a scale for each direction or for each direction and column. One scale for each
 * direction loses 10 dB; so it is given one for each column.
 */
final class RecurrentWriter {
    private static final int INPUTS_OF_LSTM = 8;

    private final GraphEditor editor;
    private final WeightWriter weights;

    RecurrentWriter(GraphEditor editor, WeightWriter weights) {
        this.editor = editor;
        this.weights = weights;
    }

    /** Writes an LSTM whose weights W and R have encodings. */
    void write(Node node, List<WeightOperand> operands) {
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < INPUTS_OF_LSTM; i++) {
            inputs.add(node.input(i));
        }
        for (WeightOperand operand : operands) {
            WeightWriter.Factor factor = weights.stack(operand.name(), operand.tensor());
            inputs.set(operand.input(), factor.codes());
            inputs.add(factor.names().scale());
            inputs.add(factor.names().zeroPoint());
        }
        editor.replace(
                node,
                new Node(
                        node.name(),
                        "DynamicQuantizeLSTM",
                        QdqLowering.MICROSOFT,
                        inputs,
                        node.outputs(),
                        node.attributes(),
                        Extras.NONE));
    }
}
