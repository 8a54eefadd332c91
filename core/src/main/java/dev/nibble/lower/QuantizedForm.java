package dev.nibble.lower;

import dev.nibble.graph.Node;

import java.util.Map;
import java.util.function.Consumer;

/** A family of operators that compute on codes, and how their nodes become float. */
interface QuantizedForm {
    /**
     * What undoes a node of each operator.
     *
     * <p>It adds the nodes that take its place to the rewriting, and throws a {@link
     * dev.nibble.error.NibbleException} that names the node where there are none.
     */
    Map<String, Consumer<Node>> operators();
}
