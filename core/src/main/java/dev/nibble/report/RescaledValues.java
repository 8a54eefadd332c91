package dev.nibble.report;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Values whose channels the quantized network has on other scales, as equalization and smoothing
 * leave them: their readers' weights are multiplied by what the channels were divided by.
 */
final class RescaledValues {
    private RescaledValues() {}

    /** Their names: all between two layers of which one multiplies and the other divides. */
    static Set<String> of(Graph original, Map<String, WeightPair> weights) {
        Set<String> rescaled = new HashSet<>();
        for (Node node : original.nodes()) {
            WeightPair pair = weights.get(node.name());
            if (pair != null && pair.hasRescaledInputs()) {
                backward(original, weights.keySet(), node.input(0), rescaled);
            }
            if (pair != null && pair.hasRescaledOutputs()) {
                forward(original, weights.keySet(), node.output(0), rescaled);
            }
        }
        return rescaled;
    }

    private static void backward(Graph graph, Set<String> layers, String from, Set<String> found) {
        List<String> open = new ArrayList<>(List.of(from));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String value = open.removeLast();
            if (graph.producer(value).isPresent() && seen.add(value)) {
                Node producer = graph.producer(value).get();
                if (!layers.contains(producer.name())) {
                    producer.reads().forEach(open::add);
                }
            }
        }
        found.addAll(seen);
    }

    private static void forward(Graph graph, Set<String> layers, String from, Set<String> found) {
        List<String> open = new ArrayList<>(List.of(from));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String value = open.removeLast();
            if (seen.add(value)) {
                graph.consumers(value).stream()
                        .filter(node -> !layers.contains(node.name()))
                        .forEach(node -> open.addAll(node.outputs()));
            }
        }
        found.addAll(seen);
    }
}
