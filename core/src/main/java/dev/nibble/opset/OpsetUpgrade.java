package dev.nibble.opset;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Raises a model to a later version of the standard operator set without changing what it computes.
 *
 * <p>The versions are taken one by one. At each, the nodes of the operators that changed their
 * meaning are rewritten, in the main graph and in all subgraphs; the {@link Catalogue} lists them.
 * Nodes keep their names and values theirs; what a rewrite adds gets fresh names. Other operator
 * sets stay as they are.
 */
public final class OpsetUpgrade {
    /** The latest version that can be asked for. */
    public static final long NEWEST = 24;

    /** From this version of the file format on, constants need not be inputs too. */
    private static final long IR_OF_PLAIN_CONSTANTS = 4;

    /** The file format that came with each operator set (ONNX, "Versioning", table of releases). */
    private static final SortedMap<Long, Long> IR_VERSIONS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(1L, 3L),
                            Map.entry(9L, 4L),
                            Map.entry(10L, 5L),
                            Map.entry(11L, 6L),
                            Map.entry(12L, 7L),
                            Map.entry(15L, 8L),
                            Map.entry(19L, 9L),
                            Map.entry(21L, 10L),
                            Map.entry(23L, 11L),
                            Map.entry(24L, 12L)));

    private OpsetUpgrade() {}

    /**
     * The model with at least the wanted version of the standard operator set; the same model if it
     * has that already.
     *
     * @throws NibbleException if a node cannot be written in the wanted version; the message names
     *     node and operator and says what to do
     * @throws IllegalArgumentException if the version is above {@link #NEWEST}
     */
    public static Model raise(Model model, long wanted) {
        if (wanted > NEWEST) {
            throw new IllegalArgumentException(
                    "opset %d is not known; the newest is %d".formatted(wanted, NEWEST));
        }
        Graph graph = model.graph();
        if (!model.opsets().containsKey("") && !usesStandard(graph)) {
            return raised(model, graph, wanted);
        }
        long given = model.opset();
        if (given >= wanted) {
            return model;
        }
        Set<String> taken = new HashSet<>();
        collectNames(graph, taken);
        for (long version = given + 1; version <= wanted; version++) {
            Map<String, Rewrite> rewrites = Catalogue.at(version);
            if (concerns(graph, rewrites.keySet())) {
                graph = new Scope(graph, taken, version).rewritten(rewrites);
            }
        }
        return raised(model, graph, wanted);
    }

    /** The versions at which nodes are rewritten, by operator of the standard set. */
    public static Map<String, SortedSet<Long>> rewritten() {
        return Catalogue.versions();
    }

    private static Model raised(Model model, Graph graph, long wanted) {
        long ir = IR_VERSIONS.headMap(wanted + 1).lastEntry().getValue();
        return model.with(graph).withOpset("", wanted, Math.max(ir, IR_OF_PLAIN_CONSTANTS));
    }

    private static boolean usesStandard(Graph graph) {
        return graph.nodes().stream()
                .anyMatch(node ->
                        node.domain().isEmpty()
                                || node.subgraphs().anyMatch(OpsetUpgrade::usesStandard));
    }

    private static boolean concerns(Graph graph, Set<String> operators) {
        return !operators.isEmpty()
                && graph.nodes().stream()
                        .anyMatch(node ->
                                isOneOf(node, operators)
                                        || node.subgraphs()
                                                .anyMatch(inner -> concerns(inner, operators)));
    }

    private static boolean isOneOf(Node node, Set<String> operators) {
        return node.domain().isEmpty() && operators.contains(node.opType());
    }

    /** Names of values and nodes, in all graphs: a name added anywhere is to be new everywhere. */
    private static void collectNames(Graph graph, Set<String> names) {
        names.addAll(graph.valueNames());
        graph.outputs().forEach(output -> names.add(output.name()));
        for (Node node : graph.nodes()) {
            names.add(node.name());
            names.addAll(node.inputs());
            node.subgraphs().forEach(inner -> collectNames(inner, names));
        }
    }
}
