package dev.nibble.prepare;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes an Identity of every Cast to float32 of what is float32 already, as casts between half and
 * single precision become. Codes go through an Identity, but not through a Cast.
 */
final class FloatCasts {
    /** Operators whose first output has the type of their first input. */
    private static final Set<String> KEEPING_TYPE =
            Set.of(
                    "Abs",
                    "Add",
                    "AveragePool",
                    "BatchNormalization",
                    "Clip",
                    "Concat",
                    "Conv",
                    "ConvTranspose",
                    "Div",
                    "Dropout",
                    "Elu",
                    "Erf",
                    "Exp",
                    "Expand",
                    "Flatten",
                    "Gather",
                    "Gelu",
                    "Gemm",
                    "GlobalAveragePool",
                    "GlobalMaxPool",
                    "HardSigmoid",
                    "HardSwish",
                    "Identity",
                    "InstanceNormalization",
                    "LayerNormalization",
                    "LeakyRelu",
                    "Log",
                    "LogSoftmax",
                    "MatMul",
                    "Max",
                    "MaxPool",
                    "Min",
                    "Mul",
                    "Neg",
                    "PRelu",
                    "Pad",
                    "Pow",
                    "ReduceMax",
                    "ReduceMean",
                    "ReduceSum",
                    "Relu",
                    "Reshape",
                    "Resize",
                    "Selu",
                    "Sigmoid",
                    "Slice",
                    "Softmax",
                    "Softplus",
                    "Split",
                    "Sqrt",
                    "Squeeze",
                    "Sub",
                    "Tanh",
                    "Tile",
                    "Transpose",
                    "Unsqueeze",
                    "Upsample");

    private FloatCasts() {}

    static Graph idle(Graph graph) {
        return idle(graph, Set.of());
    }

    /**
     * The graph without such Casts.
     *
     * @param around values of float32 that a subgraph reads from outside
     */
    private static Graph idle(Graph graph, Set<String> around) {
        Set<String> floats = new HashSet<>(around);
        floats.removeAll(graph.valueNames());
        Stream.concat(graph.inputs().stream(), graph.values().values().stream())
                .filter(FloatCasts::isFloat)
                .map(ValueInfo::name)
                .forEach(floats::add);
        graph.constants()
                .forEach((name, tensor) -> {
                    if (tensor.type() == DataType.FLOAT32) {
                        floats.add(name);
                    }
                });
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            boolean fromFloat = floats.contains(node.input(0));
            if (FloatTypes.castsToFloat(node) || (fromFloat && keepsType(node))) {
                floats.add(node.output(0));
            }
            nodes.add(
                    FloatTypes.castsToFloat(node) && fromFloat
                            ? Node.of(node.name(), "Identity", node.inputs(), node.outputs())
                            : node.mapSubgraphs(inner -> idle(inner, floats)));
        }
        return graph.withNodes(nodes);
    }

    private static boolean keepsType(Node node) {
        return node.domain().isEmpty() && KEEPING_TYPE.contains(node.opType());
    }

    private static boolean isFloat(ValueInfo info) {
        return FloatTypes.element(info).filter(DataType.FLOAT32::equals).isPresent();
    }
}
