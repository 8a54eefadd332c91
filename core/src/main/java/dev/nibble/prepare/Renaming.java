package dev.nibble.prepare;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Other names for values, also where subgraphs read them.
 *
 * @param names the new name by the old one; others stay as they are
 */
public record Renaming(Map<String, String> names) {
    public Renaming {
        names = Map.copyOf(names);
    }

    public String of(String value) {
        return names.getOrDefault(value, value);
    }

    private List<String> of(List<String> values) {
        return values.stream().map(this::of).toList();
    }

    /** The node with other names for its inputs. */
    Node inputs(Node node) {
        return node.inputs().stream().anyMatch(names::containsKey)
                ? node.withInputs(of(node.inputs()))
                : node;
    }

    /** The node with other names for what it reads, its subgraphs included. */
    public Node reads(Node node) {
        return names.isEmpty() ? node : inputs(node).mapSubgraphs(this::inside);
    }

    /** The node with other names for what it reads and makes. */
    Node all(Node node) {
        return reads(node).withOutputs(of(node.outputs()));
    }

    /** What remains of it inside a subgraph, whose own values hide those around it. */
    Renaming within(Graph subgraph) {
        Map<String, String> visible = new HashMap<>(names);
        visible.keySet().removeAll(subgraph.valueNames());
        return new Renaming(visible);
    }

    private Graph inside(Graph subgraph) {
        Renaming visible = within(subgraph);
        if (subgraph.captures().stream().noneMatch(visible.names::containsKey)) {
            return subgraph;
        }
        return subgraph.withNodes(subgraph.nodes().stream().map(visible::reads).toList())
                .edit(editor -> editor.outputs(visible.infos(subgraph.outputs())));
    }

    /** Declared values under their new names. */
    List<ValueInfo> infos(List<ValueInfo> infos) {
        return infos.stream()
                .map(info -> new ValueInfo(of(info.name()), info.type(), info.extras()))
                .toList();
    }
}
