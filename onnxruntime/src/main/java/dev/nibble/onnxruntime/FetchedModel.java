package dev.nibble.onnxruntime;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A network cut down to what the wanted values need, with those that must be computed as its
 * outputs.
 *
 * @param model the cut network
 * @param computed values that it brings back
 * @param constants wanted values that are known without running it
 * @param echoed wanted values that are its inputs
 */
record FetchedModel(
        Model model, Set<String> computed, Map<String, Tensor> constants, Set<String> echoed) {

    /**
     * The network that brings back {@code fetch}, or the outputs if that is empty.
     *
     * @throws IllegalArgumentException if there is no such value
     */
    static FetchedModel of(Model model, Set<String> fetch) {
        Graph graph = model.graph();
        Set<String> wanted = new TreeSet<>(fetch);
        if (fetch.isEmpty()) {
            graph.outputs().forEach(output -> wanted.add(output.name()));
        }
        Map<String, Tensor> constants = new HashMap<>();
        Set<String> echoed = new HashSet<>();
        Set<String> computed = new TreeSet<>();
        for (String name : wanted) {
            if (graph.constant(name).isPresent()) {
                constants.put(name, graph.constant(name).get());
            } else if (graph.isInput(name)) {
                echoed.add(name);
            } else if (graph.producer(name).isPresent()) {
                computed.add(name);
            } else {
                throw new IllegalArgumentException(
                        "network \"%s\" makes no value \"%s\" to be fetched"
                                .formatted(graph.name(), name));
            }
        }
        Model cut = computed.isEmpty() ? model : model.map(whole -> cut(whole, computed));
        return new FetchedModel(cut, computed, constants, echoed);
    }

    private static Graph cut(Graph graph, Set<String> computed) {
        Map<String, ValueInfo> declared =
                graph.outputs().stream()
                        .collect(
                                Collectors.toMap(
                                        ValueInfo::name, output -> output, (first, _) -> first));
        Set<String> needed = needed(graph, computed);
        return graph.edit(editor -> {
            // an inner value is left untyped: ONNX Runtime infers its type, and a declared one may
            // be wrong
            editor.outputs(
                    computed.stream()
                            .map(name ->
                                    declared.getOrDefault(
                                            name,
                                            ValueInfo.of(name, new ValueInfo.OtherType("untyped"))))
                            .toList());
            graph.nodes().stream()
                    .filter(node -> node.outputs().stream().noneMatch(needed::contains))
                    .forEach(editor::remove);
            graph.constants().keySet().stream()
                    .filter(name -> !needed.contains(name))
                    .forEach(editor::removeConstant);
        });
    }

    /** The wanted values and all that they are computed from. */
    private static Set<String> needed(Graph graph, Set<String> computed) {
        Set<String> needed = new HashSet<>(computed);
        List<Node> nodes = graph.nodes();
        for (Node node : nodes.reversed()) {
            if (node.outputs().stream()
                    .anyMatch(output -> !output.isEmpty() && needed.contains(output))) {
                node.reads().forEach(needed::add);
            }
        }
        return needed;
    }
}
