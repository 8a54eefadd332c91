package dev.nibble.report;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.plan.WeightOperand;
import dev.nibble.report.Inspection.Warning;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for what in the weights of a node makes quantizing hard or pointless. */
final class WeightCheck {
    /** Below half a step of int8 codes for the largest weight. */
    private static final double FAINT = 1 / 254.0;

    /** From here on, codes for the largest weight leave a typical one fewer than 4 of 127. */
    private static final double OUTLIER = 32;

    private WeightCheck() {}

    /** The spread of the weights of a node; empty if they are not constant floats. */
    static Optional<Spread> spread(Graph graph, Node node) {
        return WeightOperand.candidates(graph, node).stream()
                .filter(operand -> operand.tensor().isFloatingPoint())
                .filter(operand -> operand.tensor().shape().rank() > 1)
                .findFirst()
                .map(operand -> Spread.of(operand.tensor(), operand.outputAxis()));
    }

    /**
     * The warnings about a node.
     *
     * @param constants those that it is the first to read
     */
    static List<Warning> warnings(
            Graph graph, Node node, Map<String, Tensor> constants, Optional<Spread> spread) {
        List<Warning> warnings = new ArrayList<>();
        String weights =
                WeightOperand.candidates(graph, node).stream()
                        .findFirst()
                        .map(WeightOperand::name)
                        .orElse("");
        constants.forEach((name, tensor) -> {
            if (tensor.isFloatingPoint()) {
                long notFinite =
                        name.equals(weights) && spread.isPresent()
                                ? spread.get().notFinite()
                                : Spread.of(tensor, -1).notFinite();
                if (notFinite > 0 && !isMask(node)) {
                    warnings.add(
                            new Warning(
                                    node.name(),
                                    name,
                                    "%d of %d numbers are NaN or infinite: it cannot be quantized"
                                            .formatted(notFinite, tensor.elements())));
                }
            }
        });
        spread.ifPresent(found -> addSpread(node, weights, found, warnings));
        return warnings;
    }

    /** Minus infinity is how these leave something out. */
    private static boolean isMask(Node node) {
        return node.is("Where") || node.is("Add") || node.is("Pad") || node.is("Clip");
    }

    private static void addSpread(
            Node node, String weights, Spread spread, List<Warning> warnings) {
        int channels = spread.channelMaxAbs().length;
        if (spread.deadChannels() > 0) {
            warnings.add(
                    new Warning(
                            node.name(),
                            weights,
                            "output channels that are all zero and could be left out: %d of %d"
                                    .formatted(spread.deadChannels(), channels)));
        }
        int faint = spread.channelsBelow(FAINT);
        if (faint > 0) {
            warnings.add(
                    new Warning(
                            node.name(),
                            weights,
                            "output channels too small for one scale a tensor, which would make them 0: %d of %d"
                                    .formatted(faint, channels)));
        }
        if (spread.rms() > 0 && spread.maxAbs() >= OUTLIER * spread.rms()) {
            warnings.add(
                    new Warning(
                            node.name(),
                            weights,
                            "its largest weight is %.0f times the typical one: clipping may help"
                                    .formatted(spread.maxAbs() / spread.rms())));
        }
    }
}
