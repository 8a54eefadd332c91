package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.plan.NodeDecision.KeptFloat;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells of a network in which no node gets codes why that is so. */
public final class NothingToQuantize {
    private static final int KINDS_SHOWN = 3;

    private NothingToQuantize() {}

    /**
     * One sentence: which operators there are, why each stays float, what to do; empty if something
     * is quantized.
     */
    public static Optional<String> sentence(Graph graph, Plan plan) {
        if (plan.nodes().values().stream().anyMatch(NodeDecision::hasCodes)) {
            return Optional.empty();
        }
        Map<String, String> reasons = new LinkedHashMap<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Node node : graph.allNodes().toList()) {
            if (plan.node(node.name()).orElse(null) instanceof KeptFloat(String why)) {
                reasons.putIfAbsent(node.opType(), why);
                counts.merge(node.opType(), 1L, Long::sum);
            }
        }
        List<String> frequent =
                counts.keySet().stream()
                        .sorted(Comparator.comparing(counts::get, Comparator.reverseOrder()))
                        .toList();
        String shown =
                frequent.stream()
                        .limit(KINDS_SHOWN)
                        .map(type ->
                                "%d %s: %s".formatted(counts.get(type), type, reasons.get(type)))
                        .collect(Collectors.joining("; "));
        long others = frequent.stream().skip(KINDS_SHOWN).mapToLong(counts::get).sum();
        return Optional.of(
                "there is nothing to quantize: no node has constant float weights that are smaller as codes (%s%s); %s"
                        .formatted(
                                shown.isEmpty() ? "the network has no nodes" : shown,
                                others == 0 ? "" : "; and %d more".formatted(others),
                                remedy(reasons.values())));
    }

    private static String remedy(Collection<String> reasons) {
        if (reasons.stream().anyMatch(why -> why.contains("as asked by"))) {
            return "name fewer nodes that are to stay float";
        }
        return reasons.stream().anyMatch(why -> why.contains("only float32"))
                ? "export the network in float32"
                : "use the network as it is";
    }
}
