package dev.nibble.opset;

import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.RankedTensor;

import java.util.List;
import java.util.OptionalInt;

/**
 * Softmax, LogSoftmax and Hardmax as they were before opset 13: over all axes from {@code axis} on
 * together, not over that axis alone.
 *
 * <p>Where at most one of those axes is longer than 1, it is the one; otherwise the value is made a
 * matrix and back.
 */
final class CoercedSoftmax {
    private static final long FORMER_DEFAULT = 1;

    private CoercedSoftmax() {}

    static List<Node> rewrite(Node node, Scope scope) {
        long axis = node.integer("axis", FORMER_DEFAULT);
        OptionalInt single = single(node.input(0), axis, scope);
        if (single.isPresent()) {
            return List.of(node.with("axis", new IntValue(single.getAsInt())));
        }
        String x = node.input(0);
        String y = node.output(0);
        String matrix = scope.fresh(y + "_matrix");
        String result = scope.fresh(y + "_flat");
        String shape = scope.fresh(y + "_shape");
        return List.of(
                scope.make("Flatten", List.of(x), matrix).with("axis", new IntValue(axis)),
                scope.make("Shape", List.of(x), shape),
                node.withInputs(List.of(matrix))
                        .withOutputs(List.of(result))
                        .with("axis", new IntValue(-1)),
                scope.make("Reshape", List.of(result, shape), y));
    }

    /** The only axis that matters, if that is known. */
    private static OptionalInt single(String x, long axis, Scope scope) {
        OptionalInt rank = scope.rank(x);
        if (axis == -1 || (rank.isPresent() && axis == rank.getAsInt() - 1)) {
            return OptionalInt.of(-1);
        }
        if (!(scope.home(x).flatMap(home -> home.declared(x)).map(ValueInfo::type).orElse(null)
                instanceof RankedTensor(var _, List<Dimension> dims))) {
            return OptionalInt.empty();
        }
        int from = Math.toIntExact(axis < 0 ? axis + dims.size() : axis);
        OptionalInt single = OptionalInt.of(from);
        int longer = 0;
        for (int i = from; i < dims.size(); i++) {
            if (!(dims.get(i) instanceof Fixed(long size) && size == 1)) {
                longer++;
                single = OptionalInt.of(i);
            }
        }
        return longer <= 1 ? single : OptionalInt.empty();
    }
}
