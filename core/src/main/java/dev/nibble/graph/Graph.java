package dev.nibble.graph;

import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An immutable graph of nodes in topological order, with its constants, inputs and outputs.
 *
 * <p>{@link #edit} gives a changed copy; nodes and tensors are shared between copies.
 */
public final class Graph {
    private final String name;
    private final List<Node> nodes;
    private final List<ValueInfo> inputs;
    private final List<ValueInfo> outputs;
    private final Map<String, Tensor> constants;
    private final Map<String, Extras> constantExtras;
    private final Map<String, ValueInfo> values;
    private final Extras extras;

    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, List<Node>> consumers = new HashMap<>();
    private final Map<String, List<Node>> innerReaders = new HashMap<>();
    private final Set<String> outputNames;

    /**
     * A graph of the given parts.
     *
     * @param nodes in topological order
     * @param inputs what is fed; up to IR version 3 this includes the constants
     * @param constants the initializers, by name
     * @param constantExtras what else the file says about an initializer, by name; most have
     *     nothing
     * @param values declared types of inner values, by name
     */
    public Graph(
            String name,
            List<Node> nodes,
            List<ValueInfo> inputs,
            List<ValueInfo> outputs,
            Map<String, Tensor> constants,
            Map<String, Extras> constantExtras,
            Map<String, ValueInfo> values,
            Extras extras) {
        this.name = name;
        this.nodes = List.copyOf(nodes);
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        this.constantExtras = Map.copyOf(constantExtras);
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.extras = extras;
        this.outputNames =
                outputs.stream().map(ValueInfo::name).collect(Collectors.toUnmodifiableSet());
        for (Node node : this.nodes) {
            node.outputs().stream()
                    .filter(output -> !output.isEmpty())
                    .forEach(output -> producers.put(output, node));
            node.reads()
                    .distinct()
                    .forEach(read ->
                            consumers.computeIfAbsent(read, _ -> new ArrayList<>()).add(node));
        }
        innerNodes()
                .forEach(node ->
                        node.inputs().stream()
                                .distinct()
                                .forEach(read ->
                                        innerReaders
                                                .computeIfAbsent(read, _ -> new ArrayList<>())
                                                .add(node)));
    }

    /** A graph of nodes, inputs, outputs and constants, and nothing else. */
    public static Graph of(
            String name,
            List<Node> nodes,
            List<ValueInfo> inputs,
            List<ValueInfo> outputs,
            Map<String, Tensor> constants) {
        return new Graph(name, nodes, inputs, outputs, constants, Map.of(), Map.of(), Extras.NONE);
    }

    public String name() {
        return name;
    }

    public List<Node> nodes() {
        return nodes;
    }

    /** All declared inputs; see {@link #fedInputs()} for those that a caller must give. */
    public List<ValueInfo> inputs() {
        return inputs;
    }

    /** The inputs that have no constant as their default. */
    public List<ValueInfo> fedInputs() {
        return inputs.stream().filter(input -> !constants.containsKey(input.name())).toList();
    }

    public List<ValueInfo> outputs() {
        return outputs;
    }

    public Map<String, Tensor> constants() {
        return constants;
    }

    public Map<String, Extras> constantExtras() {
        return constantExtras;
    }

    public Map<String, ValueInfo> values() {
        return values;
    }

    public Extras extras() {
        return extras;
    }

    /** The initializer of this name, or the tensor of the {@code Constant} node that makes it. */
    public Optional<Tensor> constant(String value) {
        Tensor initializer = constants.get(value);
        if (initializer != null) {
            return Optional.of(initializer);
        }
        return producer(value)
                .filter(node -> node.is("Constant"))
                .map(node -> node.attributes().get("value"))
                .flatMap(attribute ->
                        attribute instanceof Attribute.TensorValue(Tensor tensor)
                                ? Optional.of(tensor)
                                : Optional.empty());
    }

    /** Bytes of all initializers and {@code Constant} nodes. */
    public long constantBytes() {
        return constants.values().stream().mapToLong(tensor -> tensor.data().byteSize()).sum()
                + nodes.stream()
                        .filter(node -> node.is("Constant"))
                        .flatMap(node -> constant(node.output(0)).stream())
                        .mapToLong(tensor -> tensor.data().byteSize())
                        .sum();
    }

    public Optional<Node> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /**
     * The node of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Node node(String nodeName) {
        return nodes.stream()
                .filter(node -> node.name().equals(nodeName))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no node named " + nodeName));
    }

    /**
     * The nodes that read a value, through their inputs or from inside their subgraphs, in graph
     * order.
     */
    public List<Node> consumers(String value) {
        return Collections.unmodifiableList(consumers.getOrDefault(value, List.of()));
    }

    /** The nodes that have a value among their inputs, those of subgraphs included. */
    public List<Node> readers(String value) {
        List<Node> readers = new ArrayList<>(consumers(value));
        readers.removeIf(node -> !node.inputs().contains(value));
        readers.addAll(innerReaders.getOrDefault(value, List.of()));
        return readers;
    }

    public boolean isOutput(String value) {
        return outputNames.contains(value);
    }

    public boolean isInput(String value) {
        return inputs.stream().anyMatch(input -> input.name().equals(value));
    }

    /** The declared type of an input, output or inner value. */
    public Optional<ValueInfo> info(String value) {
        return Optional.ofNullable(values.get(value))
                .or(() -> inputs.stream().filter(info -> info.name().equals(value)).findFirst())
                .or(() -> outputs.stream().filter(info -> info.name().equals(value)).findFirst());
    }

    /** The only reader of a value that is not also an output of the graph. */
    public Optional<Node> soleConsumer(String value) {
        List<Node> readers = consumers(value);
        return readers.size() == 1 && !isOutput(value)
                ? Optional.of(readers.getFirst())
                : Optional.empty();
    }

    /** The names that this graph, as a subgraph, takes from the graphs around it. */
    public Set<String> captures() {
        Set<String> own = new HashSet<>(constants.keySet());
        inputs.forEach(input -> own.add(input.name()));
        nodes.forEach(node -> own.addAll(node.outputs()));
        Set<String> captured = new LinkedHashSet<>(consumers.keySet());
        captured.addAll(outputNames);
        captured.removeAll(own);
        return captured;
    }

    /** Every name of a value in this graph: inputs, constants and what nodes make. */
    public Set<String> valueNames() {
        Set<String> names = new LinkedHashSet<>();
        inputs.forEach(input -> names.add(input.name()));
        names.addAll(constants.keySet());
        nodes.forEach(node -> names.addAll(node.outputs()));
        names.remove("");
        return names;
    }

    /**
     * The same graph with a unique name on every node, those of subgraphs included, see {@link
     * NodeNames}.
     */
    public Graph named() {
        return NodeNames.unique(this);
    }

    /** The nodes of this graph and of all subgraphs in it, each before those inside of it. */
    public Stream<Node> allNodes() {
        return nodes.stream().flatMap(node -> Stream.concat(Stream.of(node), inside(node)));
    }

    /** The nodes of all subgraphs, without those of this graph. */
    public Stream<Node> innerNodes() {
        return nodes.stream().flatMap(Graph::inside);
    }

    private static Stream<Node> inside(Node node) {
        return node.subgraphs().flatMap(Graph::allNodes);
    }

    /** The same graph with other nodes. */
    public Graph withNodes(List<Node> other) {
        return new Graph(name, other, inputs, outputs, constants, constantExtras, values, extras);
    }

    /** The same graph under another name. */
    public Graph called(String other) {
        return new Graph(other, nodes, inputs, outputs, constants, constantExtras, values, extras);
    }

    /** A copy changed by {@code change}. */
    public Graph edit(Consumer<GraphEditor> change) {
        GraphEditor editor = new GraphEditor(this);
        change.accept(editor);
        return editor.build();
    }
}
