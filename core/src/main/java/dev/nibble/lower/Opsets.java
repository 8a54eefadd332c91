package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Scheme;
import dev.nibble.plan.Decision;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightOperand;

import java.util.Arrays;

/** The versions of the standard operator set that the ways of writing a plan down take. */
final class Opsets {
    /** DynamicQuantizeLinear. */
    private static final long AT_RUN_TIME = 11;

    /** DequantizeLinear with a scale for each channel. */
    private static final long DEQUANTIZING = 13;

    /** Types of 4 and of 16 bits, and blocks. */
    private static final long WIDE_AND_NARROW = 21;

    private Opsets() {}

    /** The lowest version in which a plan can be written down. */
    static long needed(Graph graph, Plan plan) {
        boolean recent =
                plan.values().values().stream()
                        .map(Opsets::scheme)
                        .anyMatch(scheme -> scheme.format().dataType().bits() != Byte.SIZE);
        if (recent || graph.allNodes().anyMatch(node -> dequantizesBlocks(graph, plan, node))) {
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
}
