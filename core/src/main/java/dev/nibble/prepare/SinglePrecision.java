package dev.nibble.prepare;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Scratch;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets a network of half or double precision compute in float32, the type that quantization knows.
 *
 * <p>Inputs and outputs keep their types: a Cast behind each input and in front of each output. Of
 * float64, only networks with weights of that type are converted; elsewhere it serves to compute
 * extents, for which float32 may be too coarse.
 */
final class SinglePrecision {
    private static final String STEP = "SinglePrecision";
    private static final String SUFFIX = "_float32";

    private SinglePrecision() {}

    static Preparation convert(Preparation before) {
        Set<DataType> types = types(before.graph());
        if (types.isEmpty()) {
            return before;
        }
        long bytes =
                tensors(before.graph())
                        .filter(tensor -> types.contains(tensor.type()))
                        .mapToLong(tensor -> DataType.FLOAT32.bytes(tensor.elements()))
                        .sum();
        FloatTypes single = new FloatTypes(types, Scratch.forTotal(bytes));
        String names = types.stream().map(DataType::toString).collect(Collectors.joining(", "));
        return before.map(graph -> FloatCasts.idle(atBorders(single.in(graph), types)).named())
                .noting(
                        STEP,
                        before.graph().name(),
                        "computes in float32 instead of %s; inputs and outputs keep their types"
                                .formatted(names));
    }

    /** The types to be converted. */
    private static Set<DataType> types(Graph graph) {
        Set<DataType> types = EnumSet.noneOf(DataType.class);
        tensors(graph)
                .filter(tensor -> tensor.type() != DataType.FLOAT64 || tensor.shape().rank() > 1)
                .forEach(tensor -> types.add(tensor.type()));
        Stream.concat(graph.inputs().stream(), graph.outputs().stream())
                .flatMap(info -> FloatTypes.element(info).stream())
                .filter(type -> type != DataType.FLOAT64)
                .forEach(types::add);
        types.retainAll(EnumSet.of(DataType.FLOAT16, DataType.BFLOAT16, DataType.FLOAT64));
        return types;
    }

    private static Stream<Tensor> tensors(Graph graph) {
        return Stream.concat(
                graph.constants().values().stream(),
                graph.nodes().stream()
                        .flatMap(node ->
                                Stream.concat(
                                        node.attributes().values().stream()
                                                .flatMap(SinglePrecision::tensor),
                                        node.subgraphs().flatMap(SinglePrecision::tensors))));
    }

    private static Stream<Tensor> tensor(Attribute attribute) {
        return attribute instanceof TensorValue(Tensor tensor) ? Stream.of(tensor) : Stream.empty();
    }

    /** The graph with Casts between the callers' types and its own. */
    private static Graph atBorders(Graph graph, Set<DataType> types) {
        return graph.edit(editor -> {
            Map<String, String> names = new HashMap<>();
            for (ValueInfo input : graph.inputs()) {
                FloatTypes.element(input)
                        .filter(types::contains)
                        .ifPresent(_ -> {
                            String inner = editor.fresh(input.name() + SUFFIX);
                            names.put(input.name(), inner);
                            editor.insertFirst(
                                    FloatTypes.cast(input.name(), inner, DataType.FLOAT32));
                        });
            }
            List<Node> last = new ArrayList<>();
            for (ValueInfo output : graph.outputs()) {
                FloatTypes.element(output)
                        .filter(types::contains)
                        .filter(_ -> !graph.isInput(output.name()))
                        .ifPresent(type -> {
                            String inner = editor.fresh(output.name() + SUFFIX);
                            names.put(output.name(), inner);
                            last.add(FloatTypes.cast(inner, output.name(), type));
                        });
            }
            Renaming renaming = new Renaming(names);
            graph.nodes().forEach(node -> editor.update(node, renaming::all));
            names.forEach((name, inner) -> {
                editor.removeValue(name);
                Tensor constant = graph.constants().get(name);
                if (constant != null) {
                    editor.removeConstant(name);
                    editor.constant(inner, constant);
                }
            });
            editor.insertLast(last.toArray(Node[]::new));
        });
    }
}
