package dev.nibble.torch.operator;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Node;

import org.bytedeco.pytorch.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operators that libtorch computes; one line each in the table of their theme. */
public final class Operators {
    private static final Map<String, Operator> ALL =
            Stream.of(
                            Activations.TABLE,
                            Arithmetic.TABLE,
                            Comparisons.TABLE,
                            Control.TABLE,
                            Indices.TABLE,
                            Normalizations.TABLE,
                            Pictures.TABLE,
                            Recurrent.TABLE,
                            Reductions.TABLE,
                            Shapes.TABLE,
                            Windows.TABLE)
                    .flatMap(table -> table.entrySet().stream())
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private Operators() {}

    /** The operator of a node, if it is in the table. */
    public static Optional<Operator> find(Node node) {
        return node.domain().isEmpty()
                ? Optional.ofNullable(ALL.get(node.opType()))
                : Optional.empty();
    }

    /**
     * The operator of a node.
     *
     * @throws NibbleException if it is not in the table
     */
    public static Operator of(Node node) {
        return find(node)
                .orElseThrow(() ->
                        new NibbleException(
                                "node %s: cannot train through operator %s; docs/training-operators.md lists those that are known"
                                        .formatted(node.name(), node.operator())));
    }

    /** The operators of the ONNX standard that are in the table. */
    public static SortedSet<String> names() {
        return new TreeSet<>(ALL.keySet());
    }

    /** Why a node cannot be computed, as far as the node itself tells. */
    public static Optional<String> refusal(Node node) {
        return find(node).isPresent() ? Limits.of(node) : Optional.of("the operator is not known");
    }

    /**
     * Computes a node, and hands on each output that has a name.
     *
     * @throws NibbleException if the operator is not in the table, or knows fewer outputs than the
     *     node asks for
     */
    public static void compute(Call call, BiConsumer<String, Tensor> made) {
        Node node = call.node();
        Limits.of(node)
                .ifPresent(reason -> {
                    throw new NibbleException(
                            "node %s: %s; operator %s cannot be trained through like this"
                                    .formatted(node.name(), reason, node.operator()));
                });
        List<Tensor> outputs = of(node).computation().apply(call);
        for (int i = 0; i < node.outputs().size(); i++) {
            String name = node.output(i);
            if (name.isEmpty()) {
                continue;
            }
            call.require(
                    i < outputs.size(),
                    "it asks for output %d, \"%s\"".formatted(i, name),
                    "its first %d outputs".formatted(outputs.size()));
            made.accept(name, outputs.get(i));
        }
    }
}
