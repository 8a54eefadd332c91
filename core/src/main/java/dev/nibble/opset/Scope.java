package dev.nibble.opset;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.GraphList;
import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * A graph on its way to one version, with the graphs around it: what a rewrite may ask and add.
 *
 * <p>Questions are answered from the graph as it was before the version; what is not found there is
 * looked for in the graph around it.
 */
final class Scope {
    private final Graph graph;
    private final Optional<Scope> outer;
    private final Set<String> taken;
    private final long version;
    private final Set<String> own;
    private final Map<String, Tensor> added = new LinkedHashMap<>();
    private final Ranks ranks = new Ranks(this);

    /**
     * The main graph.
     *
     * @param taken the names in use anywhere in the model; fresh ones are added
     */
    Scope(Graph graph, Set<String> taken, long version) {
        this(graph, Optional.empty(), taken, version);
    }

    private Scope(Graph graph, Optional<Scope> outer, Set<String> taken, long version) {
        this.graph = graph;
        this.outer = outer;
        this.taken = taken;
        this.version = version;
        this.own = graph.valueNames();
    }

    /** A subgraph of this graph. */
    Scope inside(Graph subgraph) {
        return new Scope(subgraph, Optional.of(this), taken, version);
    }

    /** The graph with the nodes of some operators rewritten, subgraphs included. */
    Graph rewritten(Map<String, Rewrite> rewrites) {
        List<Node> nodes = new ArrayList<>();
        boolean changed = false;
        for (Node node : graph.nodes()) {
            Node now = withSubgraphs(node, inner -> inside(inner).rewritten(rewrites));
            Rewrite rewrite = now.domain().isEmpty() ? rewrites.get(now.opType()) : null;
            List<Node> after = rewrite == null ? List.of(now) : rewrite.rewrite(now, this);
            nodes.addAll(after);
            changed |= !after.equals(List.of(node));
        }
        if (!changed) {
            return graph;
        }
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.putAll(added);
        return new Graph(
                graph.name(),
                nodes,
                graph.inputs(),
                graph.outputs(),
                constants,
                graph.constantExtras(),
                graph.values(),
                graph.extras());
    }

    private static Node withSubgraphs(Node node, Function<Graph, Graph> change) {
        Node now = node;
        for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
            if (entry.getValue() instanceof GraphValue(Graph inner)) {
                Graph after = change.apply(inner);
                now = after == inner ? now : now.with(entry.getKey(), new GraphValue(after));
            } else if (entry.getValue() instanceof GraphList(List<Graph> inner)) {
                now = now.with(entry.getKey(), new GraphList(inner.stream().map(change).toList()));
            }
        }
        return now;
    }

    Graph graph() {
        return graph;
    }

    /** The scope that a value belongs to: this one, or one around it. */
    Optional<Scope> home(String value) {
        return own.contains(value) ? Optional.of(this) : outer.flatMap(scope -> scope.home(value));
    }

    /** The constant of a name, here or in the graphs around. */
    Optional<Tensor> constant(String value) {
        return Optional.ofNullable(added.get(value))
                .or(() -> home(value).flatMap(scope -> scope.graph.constant(value)));
    }

    /** What the file declares about a value of this graph. */
    Optional<ValueInfo> declared(String value) {
        return graph.info(value);
    }

    /** The element type of a value, as declared or as its producers imply. */
    Optional<DataType> type(String value) {
        return ElementTypes.of(this, value);
    }

    /** The number of axes of a value, as declared or as its producers imply. */
    OptionalInt rank(String value) {
        return home(value).map(scope -> scope.ranks.of(value)).orElse(OptionalInt.empty());
    }

    /** Whether anything reads an output of a node. */
    boolean isUsed(String output) {
        return !output.isEmpty() && (graph.isOutput(output) || !graph.consumers(output).isEmpty());
    }

    /** A name that nothing in the model has, close to the wanted one. */
    String fresh(String wanted) {
        String candidate = wanted;
        for (int i = 1; !taken.add(candidate); i++) {
            candidate = wanted + "_" + i;
        }
        return candidate;
    }

    /**
     * Adds a constant to the graph.
     *
     * @return its name, close to the wanted one
     */
    String constant(String wanted, Tensor tensor) {
        String name = fresh(wanted);
        added.put(name, tensor);
        return name;
    }

    /** Adds a row of integers, see {@link #constant(String, Tensor)}. */
    String integers(String wanted, List<Long> values) {
        long[] array = values.stream().mapToLong(Long::longValue).toArray();
        return constant(wanted, Tensor.ofLongs(Shape.of(array.length), array));
    }

    /** A further node for a rewrite, named after the one value that it makes. */
    Node make(String opType, List<String> inputs, String output) {
        return Node.of(fresh(output + "_" + opType), opType, inputs, List.of(output));
    }

    /** The same node as another operator of the standard set. */
    static Node as(String opType, Node node) {
        return new Node(
                node.name(),
                opType,
                "",
                node.inputs(),
                node.outputs(),
                node.attributes(),
                node.extras());
    }

    /** The same node with other attributes. */
    static Node with(Node node, Map<String, Attribute> attributes) {
        return new Node(
                node.name(),
                node.opType(),
                node.domain(),
                node.inputs(),
                node.outputs(),
                attributes,
                node.extras());
    }

    /** A node of the standard set without anything that the file says beside. */
    static Node plain(
            String name,
            String opType,
            List<String> inputs,
            List<String> outputs,
            Map<String, Attribute> attributes) {
        return new Node(name, opType, "", inputs, outputs, attributes, Extras.NONE);
    }

    /** What is thrown for a node that has no equal in the new version. */
    NibbleException refusal(Node node, String why, String remedy) {
        return new NibbleException(
                "node %s (%s) cannot be raised to ONNX opset %d: %s; %s"
                        .formatted(node.name(), node.opType(), version, why, remedy));
    }
}
