package dev.nibble.torch.finetune;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.List;
import java.util.Set;

/** The values inside a network that are worth holding against the teacher's. */
final class Features {
    private static final Set<String> JOINING = Set.of("Add", "Concat");
    private static final Set<String> GATHERING =
            Set.of("GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "Flatten");

    private Features() {}

    /**
     * Where blocks end: what joins two branches, and what is gathered before the classifier; those
     * that both networks have by the same name.
     */
    static List<String> of(Graph network, Graph teacher) {
        Set<String> known = teacher.valueNames();
        List<String> joined =
                network.nodes().stream()
                        .filter(node -> JOINING.contains(node.opType()))
                        .filter(node ->
                                node.inputs().stream()
                                        .noneMatch(name -> network.constant(name).isPresent()))
                        .map(node -> node.output(0))
                        .filter(known::contains)
                        .toList();
        return joined.isEmpty() ? gathered(network, known) : joined;
    }

    private static List<String> gathered(Graph network, Set<String> known) {
        return network.nodes().stream()
                .filter(node -> GATHERING.contains(node.opType()))
                .map((Node node) -> node.input(0))
                .filter(known::contains)
                .distinct()
                .toList();
    }
}
