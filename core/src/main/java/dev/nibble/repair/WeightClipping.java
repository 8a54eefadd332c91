package dev.nibble.repair;

import dev.nibble.calibrate.ClippingSearch;
import dev.nibble.number.Encoding;
import dev.nibble.number.Quantizer;
import dev.nibble.observe.GramMatrix;
import dev.nibble.observe.Patches;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Tensor;

import java.util.Optional;

/**
 * Clips the weights of a layer where that serves its output: the range of each group with the least
 * squared error, each weight counting by the mean square {@code E[x²]} of what it is multiplied
 * with, or by its variance where a bias takes care of the mean. That bias is set.
 *
 * <p>The second half of AWQ (Lin et al. 2023, arXiv 2306.00978; the search for clipping is in its
 * code). {@link Gptq} searches its ranges in the same way before it rounds.
 */
public record WeightClipping() implements NodeRepair {
    /** What findings and the catalogue call it. */
    public static final String NAME = "WeightClipping";

    @Override
    public Draft repair(Draft draft, WeightedNode node, Sight sight) {
        String name = node.node().name();
        Optional<String> obstacle = LayerProblem.obstacle(draft, node);
        if (obstacle.isPresent()) {
            return draft.noting(new Skipped(NAME, name, obstacle.get()));
        }
        GramMatrix gram =
                GramMatrix.of(
                        Patches.of(node.node(), node.weight().shape()),
                        sight.quantizedInput(),
                        sight.floatProduct(),
                        GramMatrix.DEFAULT_POSITIONS);
        LayerProblem problem = LayerProblem.of(node, gram);
        if (gram.count() == 0 || !problem.isFinite()) {
            return draft.noting(
                    new Skipped(NAME, name, "no sample has finite values to learn from"));
        }
        Encoding given = draft.plan().encoding(node.weightName()).orElseThrow();
        Tensor weights = draft.fittedConstant(node.weightName());
        Encoding searched =
                Encoding.ofRanges(
                        given.scheme(),
                        given.scaleShape(),
                        ClippingSearch.ranges(
                                weights.floats(),
                                problem.inputSquares(),
                                weights.shape(),
                                given.scheme()));
        LayerMeans means = new LayerMeans(draft, node, gram);
        Encoding clipped = means.widened(weights, searched);
        double before = problem.error(Quantizer.fakeQuantize(weights, given));
        Tensor rounded = Quantizer.fakeQuantize(weights, clipped);
        double after = problem.error(rounded);
        if (after >= before) {
            return draft.noting(new Skipped(NAME, name, "no other ranges are better"));
        }
        Draft encoded = draft.with(draft.plan().withEncoding(node.weightName(), clipped));
        return means.follow(encoded, rounded, clipped)
                .noting(new Applied(NAME, name, "clipped to " + clipped))
                .noting(new Measured(NAME, name, Gptq.ERROR_BEFORE, before))
                .noting(new Measured(NAME, name, Gptq.ERROR_AFTER, after));
    }
}
