package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.plan.WeightedNode;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Widens the weight scale of channels whose bias would overflow 32 bits at scale {@code inputScale
 * · weightScale}.
 *
 * <p>A channel whose weights are nearly zero gets a tiny scale, and a bias of ordinary size then
 * needs more codes than an int32 has; a saturated bias ruins the channel. Half the range of an
 * int32 is left for the sum of products.
 */
public record BiasOverflowGuard() implements Pass {
    private static final String NAME = "BiasOverflowGuard";

    /** Leaves room for a bias that is corrected later. */
    private static final double LIMIT = 0x1p29;

    /** Just below what the sum with the product leaves room for. */
    private static final double MOST = 0x1p30 - 0x1p10;

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Draft at = draft;
        for (Node node : draft.graph().nodes()) {
            Optional<WeightedNode> weighted =
                    WeightedNode.of(draft.graph(), node).filter(WeightedNode::hasBias);
            if (weighted.isPresent() && draft.plan().isQuantized(node)) {
                at = guard(at, weighted.get());
            }
        }
        return at;
    }

    private static Draft guard(Draft draft, WeightedNode weighted) {
        Graph graph = draft.graph();
        Optional<Encoding> input = draft.plan().encoding(weighted.input());
        Optional<Encoding> weight = draft.plan().encoding(weighted.weightName());
        if (input.isEmpty() || weight.isEmpty() || weight.get().granularity() instanceof PerBlock) {
            // beside weights in blocks the bias stays float
            return draft;
        }
        float[] bias = graph.constant(weighted.biasName()).orElseThrow().floats();
        Encoding wider = widened(weight.get(), input.get(), bias);
        long widened =
                IntStream.range(0, wider.groups())
                        .filter(group -> wider.scale(group) != weight.get().scale(group))
                        .count();
        if (widened == 0) {
            return draft;
        }
        return draft.with(draft.plan().withEncoding(weighted.weightName(), wider))
                .noting(
                        new Applied(
                                NAME,
                                weighted.node().name(),
                                "widened the weight scale of "
                                        + widened
                                        + " channels for their bias to fit 32 bits"));
    }

    /**
     * The encoding of weights with every scale as wide as the bias needs.
     *
     * @param weight one scale for all or for each output channel
     * @param input the encoding of what the weights are multiplied with
     * @param bias one number for each output channel
     */
    public static Encoding widened(Encoding weight, Encoding input, float[] bias) {
        float[] scales = weight.scales();
        for (int channel = 0; channel < bias.length; channel++) {
            int group = scales.length == 1 ? 0 : channel;
            double needed = Math.abs(bias[channel]) / (LIMIT * input.scale(0));
            scales[group] = (float) Math.max(scales[group], needed);
        }
        return new Encoding(weight.scheme(), weight.scaleShape(), scales, weight.zeroPoints());
    }

    /**
     * A bias found after scales were fixed, each number as near to what is wanted as its int32 code
     * can come: a channel of zeros has a tiny scale, and codes that reach no farther.
     *
     * @param node as it stands in the draft, with its bias
     */
    public static float[] reachable(Draft draft, WeightedNode node, float[] bias) {
        Optional<Encoding> input = draft.plan().encoding(node.input());
        Optional<Encoding> weight = draft.plan().encoding(node.weightName());
        if (!draft.plan().isQuantized(node.node())
                || input.isEmpty()
                || weight.isEmpty()
                || weight.get().granularity() instanceof PerBlock) {
            return bias;
        }
        float[] reached = bias.clone();
        for (int channel = 0; channel < bias.length; channel++) {
            int group = weight.get().groups() == 1 ? 0 : channel;
            float most = (float) (MOST * input.get().scale(0) * weight.get().scale(group));
            reached[channel] = Math.clamp(bias[channel], -most, most);
        }
        return reached;
    }
}
