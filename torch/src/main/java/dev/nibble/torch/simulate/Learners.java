package dev.nibble.torch.simulate;

import dev.nibble.graph.Node;
import dev.nibble.pass.Draft;

import org.bytedeco.pytorch.Tensor;

import java.util.Map;
import java.util.Optional;

/**
 * What a simulated network computes and learns with.
 *
 * @param draft what it began as
 * @param codedConstants constants that are no weights, as those read them who compute on codes
 * @param weights by name
 * @param others constants that learn as they are, by name
 * @param ranges of activations, by group
 * @param normalizers behind convolutions, by node
 */
record Learners(
        Draft draft,
        Placement placement,
        Map<String, Tensor> codedConstants,
        Map<String, LearnedWeight> weights,
        Map<String, Tensor> others,
        Map<String, LearnedRange> ranges,
        Map<String, BatchNormalizer> normalizers) {

    /** The range of a value, if it has codes. */
    Optional<LearnedRange> range(String value) {
        return Optional.ofNullable(ranges.get(draft.plan().group(value)));
    }

    /** The weight of a node that has one at its second input. */
    Optional<LearnedWeight> weight(Node node) {
        return node.hasInput(1)
                ? Optional.ofNullable(weights.get(node.input(1)))
                : Optional.empty();
    }

    /**
     * The steps in which a node counts that multiplies codes, for weights in latent units; empty
     * for one that computes in float.
     */
    Optional<Tensor> counts(Node node) {
        if (!draft.plan().isQuantized(node)) {
            return Optional.empty();
        }
        return range(node.input(0))
                .flatMap(range ->
                        weight(node)
                                .flatMap(LearnedWeight::channelSteps)
                                .map(steps -> steps.mul(range.scale().detach())));
    }
}
