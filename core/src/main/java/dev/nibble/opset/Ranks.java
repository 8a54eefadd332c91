package dev.nibble.opset;

import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Numbers of axes that no one declared, as far as the producers imply them. */
final class Ranks {
    private static final Set<String> LIKE_THE_FIRST_INPUT =
            Set.of(
                    "Abs",
                    "AveragePool",
                    "BatchNormalization",
                    "Cast",
                    "Ceil",
                    "Clip",
                    "Concat",
                    "Conv",
                    "ConvTranspose",
                    "DepthToSpace",
                    "Dropout",
                    "Elu",
                    "Erf",
                    "Exp",
                    "Floor",
                    "GlobalAveragePool",
                    "GlobalLpPool",
                    "GlobalMaxPool",
                    "Hardmax",
                    "HardSigmoid",
                    "HardSwish",
                    "Identity",
                    "InstanceNormalization",
                    "LRN",
                    "LeakyRelu",
                    "Log",
                    "LogSoftmax",
                    "LpNormalization",
                    "LpPool",
                    "MaxPool",
                    "Neg",
                    "Not",
                    "PRelu",
                    "Pad",
                    "Reciprocal",
                    "Relu",
                    "Resize",
                    "Round",
                    "Scatter",
                    "ScatterElements",
                    "ScatterND",
                    "Selu",
                    "Sigmoid",
                    "Slice",
                    "Softmax",
                    "Softplus",
                    "Softsign",
                    "SpaceToDepth",
                    "Split",
                    "Sqrt",
                    "Tanh",
                    "ThresholdedRelu",
                    "Tile",
                    "TopK",
                    "Transpose",
                    "Upsample");

    private static final Set<String> BROADCASTING =
            Set.of(
                    "Add", "And", "Div", "Equal", "Expand", "Greater", "Less", "Max", "Mean", "Min",
                    "Mul", "Or", "Pow", "Sub", "Sum", "Where", "Xor");

    private static final Set<String> MATRICES = Set.of("Gemm", "Flatten");

    private static final Set<String> RECURRENT = Set.of("RNN", "GRU", "LSTM");

    /** Deeper than this the answer is "unknown", so that long chains do not fill the stack. */
    private static final int DEEPEST = 400;

    private final Scope scope;
    private final Map<String, OptionalInt> found = new HashMap<>();
    private int depth;

    Ranks(Scope scope) {
        this.scope = scope;
    }

    /** The rank of a value of this graph. */
    OptionalInt of(String value) {
        OptionalInt before = found.get(value);
        if (before != null) {
            return before;
        }
        if (depth >= DEEPEST) {
            return OptionalInt.empty();
        }
        depth++;
        OptionalInt rank = find(value);
        depth--;
        found.put(value, rank);
        return rank;
    }

    private OptionalInt find(String value) {
        if (scope.declared(value).map(ValueInfo::type).orElse(null)
                instanceof RankedTensor(var _, var dims)) {
            return OptionalInt.of(dims.size());
        }
        var constant = scope.constant(value);
        if (constant.isPresent()) {
            return OptionalInt.of(constant.get().shape().rank());
        }
        return scope.graph()
                .producer(value)
                .filter(node -> node.domain().isEmpty())
                .map(node -> made(node, node.outputs().indexOf(value)))
                .orElse(OptionalInt.empty());
    }

    private OptionalInt made(Node node, int output) {
        String opType = node.opType();
        if (LIKE_THE_FIRST_INPUT.contains(opType)) {
            return scope.rank(node.input(0));
        }
        if (BROADCASTING.contains(opType)) {
            return largest(node.inputs());
        }
        if (MATRICES.contains(opType)) {
            return OptionalInt.of(2);
        }
        if (RECURRENT.contains(opType)) {
            return OptionalInt.of(output == 0 ? 4 : 3);
        }
        if (opType.startsWith("Reduce") || opType.startsWith("Arg")) {
            return reduced(node);
        }
        return switch (opType) {
            case "Shape", "NonZero" -> OptionalInt.of(opType.equals("Shape") ? 1 : 2);
            case "Reshape" -> reshaped(node);
            case "MatMul" -> product(node);
            case "Squeeze" -> plus(node, -1);
            case "Unsqueeze" -> plus(node, 1);
            case "Gather" -> gathered(node);
            default -> OptionalInt.empty();
        };
    }

    private OptionalInt largest(List<String> inputs) {
        int largest = 0;
        for (String input : inputs) {
            OptionalInt rank = scope.rank(input);
            if (rank.isEmpty()) {
                return rank;
            }
            largest = Math.max(largest, rank.getAsInt());
        }
        return OptionalInt.of(largest);
    }

    private OptionalInt reduced(Node node) {
        boolean keeps = node.integer("keepdims", 1) != 0;
        if (keeps) {
            return scope.rank(node.input(0));
        }
        return node.opType().startsWith("Arg") ? plus(node.input(0), -1) : plus(node, -1);
    }

    private OptionalInt reshaped(Node node) {
        if (node.integers("shape").isPresent()) {
            return OptionalInt.of(node.integers("shape").get().size());
        }
        return scope.constant(node.input(1))
                .map(Tensor::elements)
                .map(count -> OptionalInt.of(Math.toIntExact(count)))
                .orElse(OptionalInt.empty());
    }

    private OptionalInt product(Node node) {
        OptionalInt largest = largest(node.inputs());
        boolean matrices =
                node.inputs().stream().allMatch(input -> scope.rank(input).orElse(0) >= 2);
        return matrices ? largest : OptionalInt.empty();
    }

    /** The rank of the first input and the number of the node's axes, times {@code sign}. */
    private OptionalInt plus(Node node, int sign) {
        int axes =
                node.integers("axes")
                        .map(List::size)
                        .or(() ->
                                node.hasInput(1)
                                        ? scope.constant(node.input(1))
                                                .map(axis -> Math.toIntExact(axis.elements()))
                                        : Optional.empty())
                        .orElse(0);
        return axes == 0 ? OptionalInt.empty() : plus(node.input(0), sign * axes);
    }

    private OptionalInt plus(String value, int more) {
        OptionalInt rank = scope.rank(value);
        return rank.isEmpty() ? rank : OptionalInt.of(rank.getAsInt() + more);
    }

    private OptionalInt gathered(Node node) {
        OptionalInt indices = scope.rank(node.input(1));
        return indices.isEmpty() ? indices : plus(node.input(0), indices.getAsInt() - 1);
    }
}
