package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Constant codes that a runtime makes floats of when it loads the model: {@code Cast → [Reshape] →
 * Mul by constant scales → [Reshape]}.
 *
 * @param nodes these, in order
 * @param codes what the Cast reads
 * @param scales what the Mul reads, in a shape that broadcasts to that of what it multiplies
 */
public record FoldedCodes(List<Node> nodes, Tensor codes, Tensor scales) {
    private static final long FLOAT32 = 1;

    public FoldedCodes {
        nodes = List.copyOf(nodes);
    }

    /** The codes that a node casts; empty if it is something else. */
    public static Optional<FoldedCodes> find(Graph graph, Node cast) {
        Optional<Tensor> codes =
                cast.is("Cast") && cast.integer("to", 0) == FLOAT32
                        ? graph.constant(cast.input(0)).filter(FoldedCodes::areCodes)
                        : Optional.empty();
        if (codes.isEmpty()) {
            return Optional.empty();
        }
        List<Node> nodes = new ArrayList<>(List.of(cast));
        followReshape(graph, nodes);
        Optional<Node> product = follower(graph, nodes).filter(node -> node.is("Mul"));
        Optional<Tensor> scales =
                product.flatMap(node -> graph.constant(node.input(1)))
                        .filter(tensor -> tensor.type() == DataType.FLOAT32);
        if (scales.isEmpty()) {
            return Optional.empty();
        }
        nodes.add(product.get());
        followReshape(graph, nodes);
        return Optional.of(new FoldedCodes(nodes, codes.get(), scales.get()));
    }

    private static boolean areCodes(Tensor tensor) {
        return switch (tensor.type()) {
            case INT4, UINT4, INT8, UINT8, INT16, UINT16 -> true;
            default -> false;
        };
    }

    private static void followReshape(Graph graph, List<Node> nodes) {
        follower(graph, nodes)
                .filter(node -> node.is("Reshape") && graph.constant(node.input(1)).isPresent())
                .ifPresent(nodes::add);
    }

    private static Optional<Node> follower(Graph graph, List<Node> nodes) {
        String value = nodes.getLast().output(0);
        return graph.soleConsumer(value).filter(node -> node.input(0).equals(value));
    }

    /** The name of the floats. */
    public String result() {
        return nodes.getLast().output(0);
    }
}
