package dev.nibble.opset;

import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;

/**
 * Broadcasting as it was before opset 7: the second input meets the axes of the first from {@code
 * axis} on; without it, the last ones. Axes of extent 1 are put behind it where it ends early.
 */
final class Broadcasting {
    private Broadcasting() {}

    static List<Node> elementwise(Node node, Scope scope) {
        Node plain = Attributes.without(node, "broadcast", "axis");
        var axis = node.integer("axis");
        if (node.integer("broadcast", 0) == 0 || axis.isEmpty()) {
            return List.of(plain);
        }
        Optional<Tensor> constant = scope.constant(node.input(1));
        if (constant.isPresent() && constant.get().elements() == 1) {
            return List.of(plain);
        }
        int rank = known(node, scope, node.input(0));
        int second = known(node, scope, node.input(1));
        int first =
                Math.toIntExact(axis.getAsLong() < 0 ? axis.getAsLong() + rank : axis.getAsLong());
        return behind(plain, scope, rank - first - second);
    }

    /** PRelu, whose row of slopes had one for each channel, which is the second axis. */
    static List<Node> slopes(Node node, Scope scope) {
        Optional<Tensor> constant = scope.constant(node.input(1));
        if (constant.isPresent() && constant.get().elements() == 1) {
            return List.of(node);
        }
        if (known(node, scope, node.input(1)) != 1) {
            return List.of(node);
        }
        return behind(node, scope, known(node, scope, node.input(0)) - 2);
    }

    private static int known(Node node, Scope scope, String value) {
        OptionalInt rank = scope.rank(value);
        if (rank.isEmpty()) {
            throw scope.refusal(
                    node,
                    "it broadcasts along an axis, and the rank of its input %s is not known"
                            .formatted(value),
                    "run ONNX shape inference on the model first");
        }
        return rank.getAsInt();
    }

    /** Puts axes of extent 1 behind those of the second input. */
    private static List<Node> behind(Node node, Scope scope, int more) {
        if (more <= 0) {
            return List.of(node);
        }
        String wanted = node.output(0) + "_broadcast";
        Optional<Tensor> constant = scope.constant(node.input(1));
        if (constant.isPresent()) {
            long[] dims = constant.get().shape().dims();
            long[] longer = Arrays.copyOf(dims, dims.length + more);
            Arrays.fill(longer, dims.length, longer.length, 1);
            String name = scope.constant(wanted, constant.get().reshape(Shape.of(longer)));
            return List.of(Inputs.with(node, 1, name));
        }
        int rank = known(node, scope, node.input(1));
        String name = scope.fresh(wanted);
        Node unsqueeze =
                scope.make("Unsqueeze", List.of(node.input(1)), name)
                        .with(
                                "axes",
                                new IntList(LongStream.range(rank, rank + more).boxed().toList()));
        return List.of(unsqueeze, Inputs.with(node, 1, name));
    }
}
