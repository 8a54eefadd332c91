package dev.nibble.report;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Tensor;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which constants a graph holds, and which node is the first to read each. */
final class Constants {
    private final Map<String, Map<String, Tensor>> byNode = new LinkedHashMap<>();

    /** The constants of a graph whose nodes have unique names. */
    static Constants of(Graph graph) {
        Constants constants = new Constants();
        Set<String> taken = new HashSet<>();
        for (Node node : graph.allNodes().filter(one -> !one.is("Constant")).toList()) {
            Map<String, Tensor> own = new LinkedHashMap<>();
            node.inputs().stream()
                    .filter(name -> !taken.contains(name))
                    .forEach(name ->
                            graph.constant(name)
                                    .ifPresent(tensor -> {
                                        taken.add(name);
                                        own.put(name, tensor);
                                    }));
            // names of subgraphs are their own: the node's name keeps them apart
            held(node.subgraphs())
                    .forEach(tensor -> own.put(node.name() + "/" + own.size(), tensor));
            constants.byNode.put(node.name(), own);
        }
        return constants;
    }

    /** The constants that a node is the first to read, those of its subgraphs included. */
    Map<String, Tensor> firstReadBy(Node node) {
        return byNode.getOrDefault(node.name(), Map.of());
    }

    /** All constants of graphs, those of their subgraphs included. */
    static Stream<Tensor> all(Stream<Graph> graphs) {
        return graphs.flatMap(graph ->
                Stream.concat(
                        held(Stream.of(graph)),
                        all(graph.nodes().stream().flatMap(Node::subgraphs))));
    }

    /** The constants of graphs themselves. */
    private static Stream<Tensor> held(Stream<Graph> graphs) {
        return graphs.flatMap(graph ->
                Stream.concat(
                        graph.constants().values().stream(),
                        graph.nodes().stream()
                                .filter(node -> node.is("Constant"))
                                .flatMap(node -> graph.constant(node.output(0)).stream())));
    }

    static long bytes(Stream<Tensor> tensors) {
        return tensors.mapToLong(tensor -> tensor.data().byteSize()).sum();
    }
}
