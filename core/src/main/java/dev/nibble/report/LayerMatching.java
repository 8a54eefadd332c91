package dev.nibble.report;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.plan.WeightOperand;
import dev.nibble.report.LayerComparison.Unmatched;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which values of a float network a quantized one has too, and the layers between them.
 *
 * <p>Values are the same by their names. Where a value of the quantized network goes through codes
 * on its way to all its readers, what comes out of the codes is meant.
 *
 * @param segments in execution order
 * @param counterparts what values of the float network are called in the quantized one, inputs
 *     included
 * @param unmatched nodes in no segment
 */
record LayerMatching(
        List<Segment> segments, Map<String, String> counterparts, List<Unmatched> unmatched) {
    /** Operators whose results are no tensors. */
    private static final Set<String> NO_TENSORS =
            Set.of("ZipMap", "Optional", "SplitToSequence", "CastMap", "DictVectorizer");

    /**
     * A layer.
     *
     * @param layer the node that counts
     * @param nodes all nodes of the float network in it
     * @param value its result in the float network
     * @param counterpart its result in the quantized network
     */
    record Segment(Node layer, List<Node> nodes, String value, String counterpart) {}

    /**
     * Matches two networks.
     *
     * @param original the float network
     * @param outputs the quantized network's output for each of the float one
     * @param rescaled values that mean something else in the quantized network though they have the
     *     same name
     */
    static LayerMatching of(
            Graph original, Graph quantized, Map<String, String> outputs, Set<String> rescaled) {
        Set<String> fed = fed(original);
        Set<String> computed = fed(quantized);
        Map<String, String> counterparts = new LinkedHashMap<>();
        original.fedInputs().forEach(input -> counterparts.put(input.name(), input.name()));
        for (Node node : original.nodes()) {
            if (!givesTensors(node)) {
                continue;
            }
            for (String output : node.outputs()) {
                if (outputs.containsKey(output)) {
                    counterparts.put(output, outputs.get(output));
                } else if (fed.contains(output)
                        && computed.contains(output)
                        && !rescaled.contains(output)
                        && quantized
                                .producer(output)
                                .filter(LayerMatching::givesTensors)
                                .isPresent()) {
                    counterparts.put(output, behindCodes(quantized, output));
                }
            }
        }
        return segments(original, counterparts, fed);
    }

    private static boolean givesTensors(Node node) {
        return !NO_TENSORS.contains(node.opType()) && !node.opType().startsWith("Sequence");
    }

    /** The values that depend on what is fed. */
    private static Set<String> fed(Graph graph) {
        Set<String> fed = new HashSet<>();
        graph.fedInputs().stream().map(ValueInfo::name).forEach(fed::add);
        for (Node node : graph.nodes()) {
            if (node.reads().anyMatch(fed::contains)) {
                fed.addAll(node.outputs());
            }
        }
        fed.remove("");
        return fed;
    }

    private static String behindCodes(Graph graph, String value) {
        return graph.soleConsumer(value)
                .filter(node -> node.opType().equals("QuantizeLinear"))
                .flatMap(node -> graph.soleConsumer(node.output(0)))
                .filter(node -> node.opType().equals("DequantizeLinear"))
                .map(node -> node.output(0))
                .orElse(value);
    }

    private static LayerMatching segments(
            Graph graph, Map<String, String> counterparts, Set<String> fed) {
        Set<Node> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Segment> segments = new ArrayList<>();
        for (Node node : graph.nodes()) {
            for (String output : node.outputs()) {
                if (counterparts.containsKey(output) && fed.contains(output)) {
                    List<Node> nodes = between(graph, counterparts.keySet(), output, fed);
                    segments.add(
                            new Segment(
                                    layer(graph, nodes, node),
                                    nodes,
                                    output,
                                    counterparts.get(output)));
                    taken.addAll(nodes);
                }
            }
        }
        List<Unmatched> unmatched =
                graph.nodes().stream()
                        .filter(node -> !taken.contains(node) && !node.is("Constant"))
                        .map(node -> unmatched(node, fed))
                        .toList();
        return new LayerMatching(segments, counterparts, unmatched);
    }

    private static Unmatched unmatched(Node node, Set<String> fed) {
        String why =
                node.outputs().stream().noneMatch(fed::contains)
                        ? "it computes a constant"
                        : "the quantized network has neither its result nor one behind it under the"
                                + " same name";
        return new Unmatched(node.name(), node.operator(), why);
    }

    private static List<Node> between(
            Graph graph, Set<String> begins, String value, Set<String> fed) {
        Set<Node> found = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<String> open = new LinkedHashSet<>(Set.of(value));
        while (!open.isEmpty()) {
            String next = open.iterator().next();
            open.remove(next);
            graph.producer(next)
                    .filter(found::add)
                    .ifPresent(node ->
                            node.reads()
                                    .filter(read -> fed.contains(read) && !begins.contains(read))
                                    .forEach(open::add));
        }
        return graph.nodes().stream().filter(found::contains).toList();
    }

    /** The last node with weights; else the one that makes the value. */
    private static Node layer(Graph graph, List<Node> nodes, Node last) {
        return nodes.reversed().stream()
                .filter(node -> !WeightOperand.candidates(graph, node).isEmpty())
                .findFirst()
                .orElse(last);
    }
}
