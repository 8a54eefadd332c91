package dev.nibble.report;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.prepare.Renaming;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/**
 * Parts of one graph, set into another: what computes a value there, up to values that both graphs
 * have, reads these values here.
 *
 * @param base the graph that is added to
 * @param other the graph that parts are taken from
 * @param sources values of the other graph at which a part begins, and what they are called here
 * @param prefix stands before every name that comes from the other graph; no name here begins so
 */
record Graft(Graph base, Graph other, Map<String, String> sources, String prefix) {
    private static final String DISPLACED = "displaced_";

    static Graft of(Graph base, Graph other, Map<String, String> sources) {
        String prefix = "other_";
        Set<String> taken = base.valueNames();
        while (begins(taken, prefix)) {
            prefix = "_" + prefix;
        }
        return new Graft(base, other, Map.copyOf(sources), prefix);
    }

    private static boolean begins(Set<String> names, String prefix) {
        return names.stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** What a value of the other graph is called once its part stands beside the base. */
    String name(String value) {
        return prefix + value;
    }

    /** The base with the parts that compute some values beside it; nobody reads them. */
    Graph beside(Collection<String> wanted) {
        List<Node> nodes = new ArrayList<>(base.nodes());
        Part part = part(wanted);
        part.nodes.forEach(node -> nodes.add(renamed(node, Map.of())));
        return with(nodes, part);
    }

    /**
     * The base with the parts that compute some values in the place of what computed them.
     *
     * @param replaced values of the other graph, and what they are called here
     */
    Graph instead(Map<String, String> replaced) {
        Map<String, String> displaced = new HashMap<>();
        replaced.values().forEach(value -> displaced.put(value, prefix + DISPLACED + value));
        List<Node> nodes = new ArrayList<>();
        for (Node node : base.nodes()) {
            nodes.add(
                    node.withOutputs(
                            node.outputs().stream()
                                    .map(output -> displaced.getOrDefault(output, output))
                                    .toList()));
        }
        Part part = part(replaced.keySet());
        part.nodes.forEach(node -> nodes.add(renamed(node, replaced)));
        return with(inOrder(nodes), part);
    }

    private Node renamed(Node node, Map<String, String> replaced) {
        Map<String, String> names = new HashMap<>();
        node.reads()
                .filter(read -> !read.isEmpty())
                .forEach(read -> names.put(read, sources.getOrDefault(read, prefix + read)));
        List<String> outputs =
                node.outputs().stream()
                        .map(output ->
                                output.isEmpty()
                                        ? output
                                        : replaced.getOrDefault(output, prefix + output))
                        .toList();
        return new Renaming(names).reads(node).withOutputs(outputs).withName(prefix + node.name());
    }

    private Graph with(List<Node> nodes, Part part) {
        Map<String, Tensor> constants = new LinkedHashMap<>(base.constants());
        part.constants.forEach((name, tensor) -> constants.put(prefix + name, tensor));
        return new Graph(
                base.name(),
                nodes,
                base.inputs(),
                base.outputs(),
                constants,
                base.constantExtras(),
                base.values(),
                base.extras());
    }

    /** Nodes in the order of the other graph, and the constants that they read. */
    private record Part(List<Node> nodes, Map<String, Tensor> constants) {}

    private Part part(Collection<String> wanted) {
        Set<Node> makers = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<String, Tensor> constants = new LinkedHashMap<>();
        List<String> open = new ArrayList<>(wanted);
        while (!open.isEmpty()) {
            String value = open.removeLast();
            Tensor constant = other.constants().get(value);
            if (constant != null) {
                constants.put(value, constant);
            }
            other.producer(value)
                    .filter(makers::add)
                    .ifPresent(node ->
                            node.reads()
                                    .filter(read -> !sources.containsKey(read))
                                    .forEach(open::add));
        }
        return new Part(other.nodes().stream().filter(makers::contains).toList(), constants);
    }

    /** The nodes in topological order, as near as possible to the given one. */
    private static List<Node> inOrder(List<Node> nodes) {
        Map<String, Integer> makers = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).outputs()) {
                if (!output.isEmpty()) {
                    makers.put(output, i);
                }
            }
        }
        int[] missing = new int[nodes.size()];
        List<List<Integer>> readers = new ArrayList<>();
        nodes.forEach(_ -> readers.add(new ArrayList<>()));
        for (int i = 0; i < nodes.size(); i++) {
            for (String read : nodes.get(i).reads().distinct().toList()) {
                Integer maker = makers.get(read);
                if (maker != null) {
                    missing[i]++;
                    readers.get(maker).add(i);
                }
            }
        }
        Queue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < missing.length; i++) {
            if (missing[i] == 0) {
                ready.add(i);
            }
        }
        List<Node> ordered = new ArrayList<>();
        while (!ready.isEmpty()) {
            int next = ready.remove();
            ordered.add(nodes.get(next));
            for (int reader : readers.get(next)) {
                if (--missing[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        if (ordered.size() < nodes.size()) {
            List<Node> waiting = new ArrayList<>(nodes);
            waiting.removeAll(ordered);
            throw new NibbleException(
                    "the two networks compute values of the same name from each other in opposite order (%s among others); compare networks of the same structure"
                            .formatted(waiting.getFirst().name()));
        }
        return ordered;
    }
}
