package dev.nibble.torch.graph;

import dev.nibble.graph.Node;

import org.bytedeco.pytorch.Tensor;

/**
 * Looks at the values of a running graph, and may put others in their place: fake quantization.
 *
 * <p>Tensors that are handed in are valid during the call only; what comes back is copied by
 * reference. Nodes of subgraphs come by as well.
 */
public interface Tap {
    /** Changes nothing. */
    Tap NONE = new Tap() {};

    /** What is to be used for a value that was fed to the graph. */
    default Tensor fed(String input, Tensor tensor) {
        return tensor;
    }

    /** What everybody is to read for a value that a node has just made. */
    default Tensor made(Node producer, String value, Tensor tensor) {
        return tensor;
    }

    /**
     * What one reader is to see at one of its inputs, be it a constant or not. Asked once for each
     * input of a node that the operator looks at.
     */
    default Tensor read(Node reader, int index, String value, Tensor tensor) {
        return tensor;
    }
}
