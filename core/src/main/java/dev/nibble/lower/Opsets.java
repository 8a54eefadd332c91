package dev.nibble.lower;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Raises the operator set of a model where no operator that it uses changes its meaning on the way,
 * reductions aside, which {@link ReducedAxes} rewrites.
 *
 * <p>The table lists, for each standard operator, the versions at which nodes written before no
 * longer mean the same (ONNX operator changelog): an attribute became an input, a default changed,
 * or the operator was withdrawn.
 */
final class Opsets {
    private static final Map<String, int[]> BREAKING =
            Map.ofEntries(
                    Map.entry("BatchNormalization", new int[] {9}),
                    Map.entry("Clip", new int[] {11}),
                    Map.entry("DFT", new int[] {20}),
                    Map.entry("Dropout", new int[] {12}),
                    Map.entry("GroupNormalization", new int[] {21}),
                    Map.entry("Hardmax", new int[] {13}),
                    Map.entry("LogSoftmax", new int[] {13}),
                    Map.entry("Pad", new int[] {11}),
                    Map.entry("ReduceL1", new int[] {18}),
                    Map.entry("ReduceL2", new int[] {18}),
                    Map.entry("ReduceLogSum", new int[] {18}),
                    Map.entry("ReduceLogSumExp", new int[] {18}),
                    Map.entry("ReduceMax", new int[] {18}),
                    Map.entry("ReduceMean", new int[] {18}),
                    Map.entry("ReduceMin", new int[] {18}),
                    Map.entry("ReduceProd", new int[] {18}),
                    Map.entry("ReduceSum", new int[] {13}),
                    Map.entry("ReduceSumSquare", new int[] {18}),
                    Map.entry("Resize", new int[] {11}),
                    Map.entry("Scan", new int[] {9}),
                    Map.entry("Scatter", new int[] {11}),
                    Map.entry("Slice", new int[] {10}),
                    Map.entry("Softmax", new int[] {13}),
                    Map.entry("Split", new int[] {13, 18}),
                    Map.entry("Squeeze", new int[] {13}),
                    Map.entry("TopK", new int[] {10}),
                    Map.entry("Unsqueeze", new int[] {13}),
                    Map.entry("Upsample", new int[] {9, 10}));

    /** The lowest version to start from: before it, broadcasting was an attribute. */
    private static final long OLDEST = 7;

    /** The file format that came with each operator set (ONNX versioning table). */
    private static final SortedMap<Long, Long> IR_VERSIONS =
            new TreeMap<>(
                    Map.of(7L, 3L, 9L, 4L, 10L, 5L, 11L, 6L, 12L, 7L, 15L, 8L, 19L, 9L, 21L, 10L));

    private Opsets() {}

    /**
     * The model with at least the wanted version of the standard operator set.
     *
     * @throws NibbleException if an operator of the model would change its meaning; the message
     *     names the node
     */
    static Model raise(Model model, long wanted) {
        long given = model.opset();
        if (given >= wanted) {
            return model;
        }
        if (given < OLDEST) {
            throw new NibbleException(
                    "the model uses ONNX opset "
                            + given
                            + "; versions before "
                            + OLDEST
                            + " broadcast differently and are not supported; re-export it with"
                            + " opset "
                            + wanted);
        }
        Optional<Node> changed =
                allNodes(model.graph())
                        .filter(node ->
                                node.domain().isEmpty() && changes(node.opType(), given, wanted))
                        .filter(node -> !ReducedAxes.isMovable(model.graph(), node))
                        .findFirst();
        if (changed.isPresent()) {
            throw new NibbleException(
                    "quantization needs ONNX opset %d, the model has %d, and its node %s (%s) means something"
                                    .formatted(
                                            wanted,
                                            given,
                                            changed.get().name(),
                                            changed.get().opType())
                            + " else there; re-export the model with opset "
                            + wanted
                            + " or later");
        }
        return model.map(graph -> ReducedAxes.move(graph, type -> changes(type, given, wanted)))
                .withOpset("", wanted, IR_VERSIONS.headMap(wanted + 1).lastEntry().getValue());
    }

    private static boolean changes(String opType, long given, long wanted) {
        for (int version : BREAKING.getOrDefault(opType, new int[0])) {
            if (given < version && version <= wanted) {
                return true;
            }
        }
        return false;
    }

    private static Stream<Node> allNodes(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node ->
                        Stream.concat(Stream.of(node), node.subgraphs().flatMap(Opsets::allNodes)));
    }
}
