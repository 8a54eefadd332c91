package dev.nibble.graph;

import dev.nibble.graph.Attribute.GraphList;
import dev.nibble.graph.Attribute.GraphValue;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One operation of a graph.
 *
 * @param name may be empty and need not be unique in a file; {@link Graph#named()} gives every node
 *     a unique one
 * @param opType the operator, as in {@code Conv}
 * @param domain the operator set; empty for the ONNX standard
 * @param inputs names of the values read; an empty name stands for an optional input left out
 * @param outputs names of the values made; an empty name stands for an optional output left out
 * @param attributes the attributes in the order of the file
 * @param extras what else the file says about the node
 */
public record Node(
        String name,
        String opType,
        String domain,
        List<String> inputs,
        List<String> outputs,
        Map<String, Attribute> attributes,
        Extras extras) {
    public Node {
        // "ai.onnx" is the written-out name of the standard domain
        domain = domain.equals("ai.onnx") ? "" : domain;
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** A node of the standard domain without attributes. */
    public static Node of(String name, String opType, List<String> inputs, List<String> outputs) {
        return new Node(name, opType, "", inputs, outputs, Map.of(), Extras.NONE);
    }

    public Node with(String attribute, Attribute value) {
        Map<String, Attribute> changed = new LinkedHashMap<>(attributes);
        changed.put(attribute, value);
        return new Node(name, opType, domain, inputs, outputs, changed, extras);
    }

    public Node withName(String other) {
        return new Node(other, opType, domain, inputs, outputs, attributes, extras);
    }

    public Node withInputs(List<String> other) {
        return new Node(name, opType, domain, other, outputs, attributes, extras);
    }

    public Node withOutputs(List<String> other) {
        return new Node(name, opType, domain, inputs, other, attributes, extras);
    }

    public Node withAttributes(Map<String, Attribute> other) {
        return new Node(name, opType, domain, inputs, outputs, other, extras);
    }

    /** Whether this is the named operator of the ONNX standard. */
    public boolean is(String standardOpType) {
        return domain.isEmpty() && opType.equals(standardOpType);
    }

    /**
     * Operator with its domain where that is not the standard one, as in {@code
     * com.microsoft.QLinearAdd}.
     */
    public String operator() {
        return domain.isEmpty() ? opType : domain + "." + opType;
    }

    /** The name of an input; empty if it was left out. */
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    public boolean hasInput(int index) {
        return !input(index).isEmpty();
    }

    /** The name of an output; empty if it was left out. */
    public String output(int index) {
        return index < outputs.size() ? outputs.get(index) : "";
    }

    public OptionalLong integer(String attribute) {
        return attributes.get(attribute) instanceof Attribute.IntValue(long value)
                ? OptionalLong.of(value)
                : OptionalLong.empty();
    }

    public long integer(String attribute, long otherwise) {
        return integer(attribute).orElse(otherwise);
    }

    public OptionalDouble number(String attribute) {
        return attributes.get(attribute) instanceof Attribute.FloatValue(float value)
                ? OptionalDouble.of(value)
                : OptionalDouble.empty();
    }

    public Optional<List<Long>> integers(String attribute) {
        return attributes.get(attribute) instanceof Attribute.IntList(List<Long> values)
                ? Optional.of(values)
                : Optional.empty();
    }

    public Optional<String> text(String attribute) {
        return attributes.get(attribute) instanceof Attribute.StringValue(String value)
                ? Optional.of(value)
                : Optional.empty();
    }

    /** The subgraphs among the attributes. */
    public Stream<Graph> subgraphs() {
        return attributes.values().stream()
                .flatMap(attribute ->
                        switch (attribute) {
                            case GraphValue(Graph graph) -> Stream.of(graph);
                            case GraphList(List<Graph> graphs) -> graphs.stream();
                            case Attribute.IntValue _,
                                    Attribute.FloatValue _,
                                    Attribute.StringValue _,
                                    Attribute.TensorValue _,
                                    Attribute.IntList _,
                                    Attribute.FloatList _,
                                    Attribute.StringList _,
                                    Attribute.Reference _,
                                    Attribute.Opaque _ ->
                                    Stream.empty();
                        });
    }

    /** The same node with its subgraphs changed. */
    public Node mapSubgraphs(UnaryOperator<Graph> change) {
        IdentityHashMap<Graph, Graph> changes = new IdentityHashMap<>();
        subgraphs().forEach(graph -> changes.put(graph, change.apply(graph)));
        if (changes.entrySet().stream().allMatch(entry -> entry.getKey() == entry.getValue())) {
            return this;
        }
        Map<String, Attribute> changed = new LinkedHashMap<>(attributes);
        changed.replaceAll((_, attribute) ->
                switch (attribute) {
                    case GraphValue(Graph graph) ->
                            new GraphValue(changes.getOrDefault(graph, graph));
                    case GraphList(List<Graph> graphs) ->
                            new GraphList(
                                    graphs.stream()
                                            .map(graph -> changes.getOrDefault(graph, graph))
                                            .toList());
                    case Attribute.IntValue _,
                            Attribute.FloatValue _,
                            Attribute.StringValue _,
                            Attribute.TensorValue _,
                            Attribute.IntList _,
                            Attribute.FloatList _,
                            Attribute.StringList _,
                            Attribute.Reference _,
                            Attribute.Opaque _ ->
                            attribute;
                });
        return withAttributes(changed);
    }

    /** Every value this node reads: its inputs and what its subgraphs capture from outside. */
    public Stream<String> reads() {
        return Stream.concat(
                inputs.stream().filter(input -> !input.isEmpty()),
                subgraphs().flatMap(subgraph -> subgraph.captures().stream()));
    }
}
