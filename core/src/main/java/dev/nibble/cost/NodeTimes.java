package dev.nibble.cost;

import dev.nibble.engine.KernelTime;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How long the nodes of a network take, made of what its kernels take.
 *
 * <p>An engine joins nodes, as a convolution with the activation behind it; the node that the
 * kernel is named after, or that its operator is, then takes all of the time. Nodes of subgraphs
 * count with the node that holds these. Kernels that are none of the nodes, such as those that
 * change the layout of tensors, count nowhere.
 *
 * @param ms milliseconds by node; nodes that the engine has made one with others, or that it has
 *     computed beforehand, are not among them
 */
public record NodeTimes(Map<String, Double> ms) {
    public NodeTimes {
        ms = Map.copyOf(ms);
    }

    /** Gives the times of kernels to the nodes of a graph. */
    public static NodeTimes of(Graph graph, List<KernelTime> kernels) {
        Map<String, Node> nodes =
                graph.nodes().stream()
                        .collect(Collectors.toMap(Node::name, node -> node, (one, _) -> one));
        Map<String, Double> ms = new LinkedHashMap<>();
        for (KernelTime kernel : kernels) {
            Optional<Node> node =
                    Optional.ofNullable(nodes.get(kernel.name()))
                            .or(() ->
                                    graph.producer(kernel.name())
                                            .map(last -> computed(graph, last, kernel)));
            node.ifPresent(one -> ms.merge(one.name(), kernel.medianMs(), Double::sum));
        }
        return new NodeTimes(ms);
    }

    /** The node in front of the last one of a kernel that has the kernel's operator. */
    private static Node computed(Graph graph, Node last, KernelTime kernel) {
        Optional<Node> at = Optional.of(last);
        while (at.isPresent()) {
            Node node = at.get();
            if (kernel.operator().endsWith(node.opType())) {
                return node;
            }
            at =
                    graph.producer(node.input(0))
                            .filter(before -> graph.soleConsumer(before.output(0)).isPresent());
        }
        return last;
    }
}
