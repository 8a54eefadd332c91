package dev.nibble.torch.finetune;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;

import org.bytedeco.pytorch.Tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * The outputs of a network as a loss wants them.
 *
 * @param names of outputs, or of what a Softmax at the end makes probabilities of
 */
record Scores(List<String> names) {
    Scores {
        names = List.copyOf(names);
    }

    static Scores of(Graph graph) {
        List<String> names = new ArrayList<>();
        for (ValueInfo output : graph.outputs()) {
            names.add(
                    graph.producer(output.name())
                            .filter(node -> node.is("Softmax"))
                            .map((Node node) -> node.input(0))
                            .orElse(output.name()));
        }
        return new Scores(names);
    }

    /** Whether a tensor has a row of scores of classes for each sample. */
    static boolean areClasses(Tensor tensor) {
        return tensor.dim() >= 2
                && tensor.numel() / tensor.size(0) == tensor.size(1)
                && tensor.size(1) > 1;
    }

    /** As rows: {@code [samples × classes]}. */
    static Tensor rows(Tensor tensor) {
        return tensor.reshape(tensor.size(0), tensor.size(1));
    }
}
