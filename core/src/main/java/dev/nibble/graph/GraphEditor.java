package dev.nibble.graph;

import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The changes that {@link Graph#edit} makes: collected first, applied once.
 *
 * <p>Nodes are addressed as they stand in the original graph. A replaced node keeps its place in
 * the order; what is inserted before or after it stays beside it. Nodes of subgraphs can be changed
 * in the same way; constants and values are those of the graph itself.
 */
public final class GraphEditor {
    private final Graph graph;
    private final IdentityHashMap<Node, List<Node>> replacements = new IdentityHashMap<>();
    private final IdentityHashMap<Node, List<Node>> before = new IdentityHashMap<>();
    private final IdentityHashMap<Node, List<Node>> after = new IdentityHashMap<>();
    private final List<Node> first = new ArrayList<>();
    private final List<Node> last = new ArrayList<>();
    private final Map<String, Tensor> constants;
    private final Map<String, ValueInfo> values;
    private final Set<String> names;
    private List<ValueInfo> inputs;
    private List<ValueInfo> outputs;

    GraphEditor(Graph graph) {
        this.graph = graph;
        this.constants = new LinkedHashMap<>(graph.constants());
        this.values = new LinkedHashMap<>(graph.values());
        this.names = new HashSet<>(graph.valueNames());
        graph.allNodes()
                .flatMap(Node::subgraphs)
                .forEach(inner -> names.addAll(inner.valueNames()));
        this.inputs = graph.inputs();
        this.outputs = graph.outputs();
    }

    /** Puts nodes, in topological order, in the place of one. */
    public void replace(Node node, Node... others) {
        replacements.put(node, List.of(others));
    }

    /** Changes one node, on top of what was done to it before, as long as it is still one. */
    public void update(Node node, UnaryOperator<Node> change) {
        List<Node> now = replacements.getOrDefault(node, List.of(node));
        if (now.size() != 1) {
            throw new IllegalArgumentException(
                    "node " + node.name() + " was replaced by " + now.size() + " nodes");
        }
        replacements.put(node, List.of(change.apply(now.getFirst())));
    }

    public void remove(Node node) {
        replacements.put(node, List.of());
    }

    public void insertBefore(Node node, Node... others) {
        before.computeIfAbsent(node, _ -> new ArrayList<>()).addAll(List.of(others));
    }

    public void insertAfter(Node node, Node... others) {
        after.computeIfAbsent(node, _ -> new ArrayList<>()).addAll(List.of(others));
    }

    /** Puts nodes in front of all others, as for what reads only inputs and constants. */
    public void insertFirst(Node... others) {
        first.addAll(List.of(others));
    }

    /** Puts nodes behind all others, as for what makes outputs. */
    public void insertLast(Node... others) {
        last.addAll(List.of(others));
    }

    /** Adds or replaces an initializer. */
    public void constant(String name, Tensor tensor) {
        constants.put(name, tensor);
        names.add(name);
    }

    public void removeConstant(String name) {
        constants.remove(name);
    }

    public void value(ValueInfo info) {
        values.put(info.name(), info);
    }

    public void removeValue(String name) {
        values.remove(name);
    }

    public void outputs(List<ValueInfo> other) {
        outputs = List.copyOf(other);
    }

    public void inputs(List<ValueInfo> other) {
        inputs = List.copyOf(other);
    }

    /**
     * Makes every reader of value {@code from} read {@code to} instead; outputs of the graph keep
     * their name.
     */
    public void redirect(String from, String to) {
        graph.allNodes()
                .filter(reader -> reader.inputs().contains(from))
                .forEach(reader ->
                        update(
                                reader,
                                node ->
                                        node.withInputs(
                                                node.inputs().stream()
                                                        .map(input ->
                                                                input.equals(from) ? to : input)
                                                        .toList())));
    }

    /**
     * A name that no value of the graph has, close to the wanted one; it counts as taken from now
     * on.
     */
    public String fresh(String wanted) {
        String candidate = wanted;
        for (int i = 1; !names.add(candidate); i++) {
            candidate = wanted + "_" + i;
        }
        return candidate;
    }

    Graph build() {
        List<Node> nodes = new ArrayList<>(first);
        nodes.addAll(changed(graph));
        nodes.addAll(last);
        Map<String, Extras> extras = new HashMap<>(graph.constantExtras());
        extras.keySet().retainAll(constants.keySet());
        Set<String> dropped =
                graph.constants().keySet().stream()
                        .filter(name -> !constants.containsKey(name))
                        .collect(Collectors.toSet());
        List<ValueInfo> kept =
                inputs.stream().filter(input -> !dropped.contains(input.name())).toList();
        return new Graph(
                graph.name(), nodes, kept, outputs, constants, extras, values, graph.extras());
    }

    private List<Node> changed(Graph at) {
        List<Node> nodes = new ArrayList<>();
        for (Node node : at.nodes()) {
            nodes.addAll(before.getOrDefault(node, List.of()));
            replacements.getOrDefault(node, List.of(node)).stream()
                    .map(now -> now.mapSubgraphs(this::edited))
                    .forEach(nodes::add);
            nodes.addAll(after.getOrDefault(node, List.of()));
        }
        return nodes;
    }

    private Graph edited(Graph inner) {
        boolean touched =
                inner.allNodes()
                        .anyMatch(node ->
                                replacements.containsKey(node)
                                        || before.containsKey(node)
                                        || after.containsKey(node));
        return touched ? inner.withNodes(changed(inner)) : inner;
    }
}
