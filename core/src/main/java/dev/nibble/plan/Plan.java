package dev.nibble.plan;

import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every quantization decision about a graph: the only place that says which nodes and values are
 * quantized, and how.
 *
 * @param nodes what becomes of each node, by node name
 * @param values what becomes of each value, by the name of its group (see {@link #group})
 * @param groups the group of each value that shares its encoding with others, by value name
 * @param sources for each group, the values whose numbers make its range
 */
public record Plan(
        Map<String, NodeDecision> nodes,
        Map<String, Decision> values,
        Map<String, String> groups,
        Map<String, java.util.Set<String>> sources) {
    /** Nothing decided yet. */
    public static final Plan NONE = new Plan(Map.of(), Map.of(), Map.of(), Map.of());

    public Plan {
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        groups = Map.copyOf(groups);
        sources = Map.copyOf(sources);
    }

    /**
     * The name under which a value's decision stands: its own, or that of the values that share its
     * encoding.
     */
    public String group(String value) {
        return groups.getOrDefault(value, value);
    }

    public Optional<Decision> value(String value) {
        return Optional.ofNullable(values.get(group(value)));
    }

    /** The encoding of a value, if it is quantized and its numbers are known. */
    public Optional<Encoding> encoding(String value) {
        return value(value)
                .flatMap(decision ->
                        decision instanceof Decision.Quantize(Encoding encoding)
                                ? Optional.of(encoding)
                                : Optional.empty());
    }

    public Optional<NodeDecision> node(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    public boolean isQuantized(Node node) {
        return nodes.get(node.name()) instanceof NodeDecision.Quantized;
    }

    /** Whether a node computes on codes or stores its weights as such. */
    public boolean hasCodes(Node node) {
        return node(node.name()).filter(NodeDecision::hasCodes).isPresent();
    }

    public Plan withNode(String name, NodeDecision decision) {
        Map<String, NodeDecision> changed = new LinkedHashMap<>(nodes);
        changed.put(name, decision);
        return new Plan(changed, values, groups, sources);
    }

    /** Finds the numbers of a value and of all that share its encoding. */
    public Plan withEncoding(String value, Encoding encoding) {
        return with(value, new Decision.Quantize(encoding));
    }

    /** Decides otherwise about a value and all that share its encoding. */
    public Plan with(String value, Decision decision) {
        Map<String, Decision> changed = new LinkedHashMap<>(values);
        changed.put(group(value), decision);
        return new Plan(nodes, changed, groups, sources);
    }

    /** The values that share the encoding of a group, its own name left out, in order. */
    public List<String> others(String group) {
        return groups.entrySet().stream()
                .filter(entry -> entry.getValue().equals(group))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
