package dev.nibble.torch.operator;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A node about to be computed.
 *
 * @param inputs gives the tensor of an input by its position; asked only for those that are there
 * @param subgraphs runs one of the node's subgraphs
 * @param training whether normalization uses the statistics of the batch instead of the running
 *     ones
 * @param opset version of the ONNX operator set that the node is of
 */
public record Call(
        Node node, IntFunction<Tensor> inputs, Subgraphs subgraphs, boolean training, long opset) {

    /**
     * A node without subgraphs.
     *
     * @param values gives the tensor of a value by its name
     */
    public Call(Node node, Function<String, Tensor> values, boolean training, long opset) {
        this(
                node,
                index -> values.apply(node.input(index)),
                (_, _) -> {
                    throw new NibbleException(
                            "node %s: its subgraphs cannot be run here, where operator %s stands in a block"
                                    .formatted(node.name(), node.operator()));
                },
                training,
                opset);
    }

    /** Runs a subgraph of a node. */
    @FunctionalInterface
    public interface Subgraphs {
        /** The outputs, in order, for inputs in order. */
        List<Tensor> run(Graph subgraph, List<Tensor> inputs);
    }

    Tensor input(int index) {
        return inputs.apply(index);
    }

    boolean has(int index) {
        return node.hasInput(index);
    }

    TensorOptional optional(int index) {
        return has(index) ? new TensorOptional(input(index)) : new TensorOptional();
    }

    /** Integers that are an attribute in older versions of an operator and an input in newer. */
    Optional<long[]> longs(String attribute, int index) {
        return has(index)
                ? Optional.of(TorchTensors.longs(input(index)))
                : node.integers(attribute).map(Call::longs);
    }

    long[] longs(String attribute, long... otherwise) {
        return node.integers(attribute).map(Call::longs).orElse(otherwise);
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    /** A number that is an attribute in older versions of an operator and an input in newer. */
    double number(String attribute, int index, double otherwise) {
        return has(index) ? input(index).item_double() : node.number(attribute).orElse(otherwise);
    }

    Tensor[] everyInput() {
        return IntStream.range(0, node.inputs().size())
                .mapToObj(this::input)
                .toArray(Tensor[]::new);
    }

    boolean flag(String attribute, boolean otherwise) {
        return node.integer(attribute, otherwise ? 1 : 0) != 0;
    }

    Scalar scalar(String attribute, float otherwise) {
        return new Scalar(node.number(attribute).orElse(otherwise));
    }

    /** Refuses what would be computed wrongly. */
    void require(boolean holds, String given, String allowed) {
        if (!holds) {
            throw refused(given, allowed);
        }
    }

    NibbleException refused(String given, String allowed) {
        return new NibbleException(
                "node %s: %s; training knows %s only with %s"
                        .formatted(node.name(), given, node.opType(), allowed));
    }
}
