package dev.nibble.opset;

import dev.nibble.graph.Node;

import java.util.List;

/** How a node written before a version of the operator set is written since. */
@FunctionalInterface
interface Rewrite {
    /**
     * The nodes that take the place of one, in topological order. They deliver its outputs under
     * the same names, and one of them keeps the name of the node.
     *
     * @throws dev.nibble.error.NibbleException if the node cannot be written in the new version;
     *     the message names the node and says what to do
     */
    List<Node> rewrite(Node node, Scope scope);

    /** This rewrite, then another one of the single node that it leaves. */
    default Rewrite then(Rewrite next) {
        return (node, scope) -> next.rewrite(rewrite(node, scope).getFirst(), scope);
    }
}
