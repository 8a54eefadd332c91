package dev.nibble.report;

import dev.nibble.engine.Lab;
import dev.nibble.engine.Probe;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.pass.Draft;
import dev.nibble.plan.NodeDecision;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds where a quantized network goes wrong: the node whose output has the most noise, as a share
 * of its signal, beyond what the noisiest of its inputs has.
 */
public final class NoisiestNode {
    private NoisiestNode() {}

    /**
     * The node, if inner values of both networks can be compared.
     *
     * @param draft of the quantized network
     * @param lab runs over few samples: all inner values are in memory at once
     */
    public static Optional<String> of(Draft draft, Model quantized, Lab lab) {
        Graph graph = draft.graph();
        Set<String> known = quantized.graph().valueNames();
        Set<String> values =
                graph.nodes().stream()
                        .filter(node -> hasCodes(draft, node))
                        .map(node -> node.output(0))
                        .filter(known::contains)
                        .collect(Collectors.toSet());
        if (values.isEmpty()) {
            return Optional.empty();
        }
        Map<String, OutputCheck> checks =
                SoundnessCheck.values(
                        lab,
                        "looking for the worst node",
                        new Probe(draft.model(), values),
                        new Probe(quantized, values));
        return noisiest(draft, checks);
    }

    private static boolean hasCodes(Draft draft, Node node) {
        return draft.plan().node(node.name()).filter(NodeDecision::hasCodes).isPresent();
    }

    private static Optional<String> noisiest(Draft draft, Map<String, OutputCheck> checks) {
        Map<String, Double> noise = new HashMap<>();
        double most = 0;
        Optional<String> worst = Optional.empty();
        for (Node node : draft.graph().nodes()) {
            double before =
                    node.inputs().stream()
                            .mapToDouble(input -> noise.getOrDefault(input, 0.0))
                            .max()
                            .orElse(0);
            OutputCheck check = checks.get(node.output(0));
            double after = check == null ? before : noise(check);
            node.outputs().forEach(output -> noise.put(output, after));
            if (after - before > most && hasCodes(draft, node)) {
                most = after - before;
                worst = Optional.of(node.name());
            }
        }
        return worst;
    }

    /** Power of noise over power of signal; more than any finite one where there is NaN. */
    private static double noise(OutputCheck check) {
        return check.notFinite() > 0
                ? Double.MAX_VALUE
                : check.error().errorSquares() / Math.max(check.error().referenceSquares(), 1e-30);
    }
}
