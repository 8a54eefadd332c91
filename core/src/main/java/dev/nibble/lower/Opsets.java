package dev.nibble.lower;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Scheme;
import dev.nibble.plan.Decision;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightOperand;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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

    /** DynamicQuantizeLinear. */
    private static final long AT_RUN_TIME = 11;

    /** DequantizeLinear with a scale for each channel. */
    private static final long DEQUANTIZING = 13;

    /** Codes of 4 and of 16 bits, and blocks. */
    private static final long WIDE_AND_NARROW = 21;

    /** The lowest version to start from: before it, broadcasting was an attribute. */
    private static final long OLDEST = 7;

    /** The file format that came with each operator set (ONNX versioning table). */
    private static final SortedMap<Long, Long> IR_VERSIONS =
            new TreeMap<>(
                    Map.of(7L, 3L, 9L, 4L, 10L, 5L, 11L, 6L, 12L, 7L, 15L, 8L, 19L, 9L, 21L, 10L));

    private Opsets() {}

    /** The lowest version in which a plan can be written down. */
    static long needed(Graph graph, Plan plan) {
        boolean recent =
                plan.values().values().stream()
                        .map(Opsets::scheme)
                        .anyMatch(scheme -> scheme.format().bits() != Byte.SIZE);
        if (recent
                || graph.allNodes().anyMatch(node -> dequantizesBlocks(graph, plan, node))) {
            return WIDE_AND_NARROW;
        }
        boolean dequantizes = graph.allNodes().anyMatch(node -> dequantizes(graph, plan, node));
        return dequantizes ? DEQUANTIZING : AT_RUN_TIME;
    }

    private static boolean dequantizesBlocks(Graph graph, Plan plan, Node node) {
        boolean onCodes = plan.isQuantized(node);
        boolean inFloat = plan.node(node.name()).orElse(null) instanceof NodeDecision.WeightOnly;
        return WeightOperand.of(graph, node).stream()
                .filter(operand -> onCodes || (inFloat && dequantizes(plan, operand)))
                .flatMap(operand -> plan.value(operand.name()).stream())
                .anyMatch(decision -> scheme(decision).granularity() instanceof PerBlock);
    }

    private static boolean dequantizes(Graph graph, Plan plan, Node node) {
        return switch (plan.node(node.name()).orElse(null)) {
            case NodeDecision.Quantized _, NodeDecision.Absorbed _ -> true;
            case NodeDecision.WeightOnly _ ->
                    WeightOperand.of(graph, node).stream()
                            .anyMatch(operand -> dequantizes(plan, operand));
            case NodeDecision.Dynamic _, NodeDecision.KeptFloat _ -> false;
            case null -> false;
        };
    }

    /** Whether weights have a DequantizeLinear with several scales behind them. */
    private static boolean dequantizes(Plan plan, WeightOperand operand) {
        Node node = operand.node();
        boolean product = (node.is("Gemm") || node.is("MatMul")) && operand.input() == 1;
        boolean folds = plan.value(operand.name()).stream().allMatch(Opsets::folds);
        return !node.is("Gather") && (product || !folds);
    }

    /** Whether a Cast and a Mul make floats of such codes, see {@link FoldedWeights}. */
    private static boolean folds(Decision decision) {
        return switch (decision) {
            case Decision.Planned(Scheme scheme) -> scheme.symmetric() && scheme.format().signed();
            case Decision.Quantize(Encoding encoding) ->
                    Arrays.stream(encoding.zeroPoints()).allMatch(zero -> zero == 0);
        };
    }

    private static Scheme scheme(Decision decision) {
        return switch (decision) {
            case Decision.Planned(Scheme scheme) -> scheme;
            case Decision.Quantize(Encoding encoding) -> encoding.scheme();
        };
    }

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
                model.graph()
                        .allNodes()
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
}
