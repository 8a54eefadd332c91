package dev.nibble.opset;

import dev.nibble.graph.Graph;
import dev.nibble.tensor.DataType;

import java.util.Optional;
import java.util.Set;

/** Element types of the values of a graph, as declared or as the nodes before them imply. */
public final class ValueTypes {
    private final Scope scope;

    private ValueTypes(Graph graph) {
        this.scope = new Scope(graph, Set.of(), 0);
    }

    /** Those of the values of a graph, subgraphs left out. */
    public static ValueTypes in(Graph graph) {
        return new ValueTypes(graph);
    }

    /** The element type of a value; empty if nothing tells. */
    public Optional<DataType> of(String value) {
        return scope.type(value);
    }
}
