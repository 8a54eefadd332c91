package dev.nibble.repair;

import dev.nibble.observe.ChannelMeans;
import dev.nibble.observe.Observer;
import dev.nibble.pass.BiasOverflowGuard;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.pass.OwnConstants;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

/**
 * Shifts the bias until each output channel has the mean that it has in the float network, measured
 * behind the activation.
 *
 * <p>Nagel et al. 2019, arXiv 1906.04721, section 4.2 and appendix D, with the mean taken where
 * codes are made. Behind a clipping activation the shift that is wanted and the shift that comes
 * out differ, so that it is repeated.
 *
 * @param rounds how often the shift is measured and taken out again
 */
public record EmpiricalBiasCorrection(int rounds) implements NodeRepair {
    private static final String NAME = "EmpiricalBiasCorrection";

    public EmpiricalBiasCorrection {
        if (rounds < 1) {
            throw new IllegalArgumentException("at least 1 round is needed, not " + rounds);
        }
    }

    @Override
    public Draft repair(Draft draft, WeightedNode node, Sight sight) {
        if (node.node().is("MatMul")) {
            return draft.noting(
                    new Skipped(NAME, node.node().name(), "MatMul has no bias to correct"));
        }
        Observer<ChannelMeans> means = ChannelMeans.observer(node.node().is("Conv") ? 1 : -1);
        ChannelMeans wanted = sight.observeFloatOutput(means);
        Draft at = OwnConstants.bias(draft, node.node());
        String name = at.graph().node(node.node().name()).input(2);
        float[] begun = at.fittedConstant(name).floats();
        float[] bias = begun.clone();
        for (int round = 0; round < rounds; round++) {
            ChannelMeans made = sight.observeQuantizedOutput(at, means);
            for (int channel = 0; channel < bias.length; channel++) {
                bias[channel] += (float) (wanted.mean(channel) - made.mean(channel));
            }
            bias = BiasOverflowGuard.reachable(at, node, bias);
            at = at.fit(name, Tensor.ofFloats(Shape.of(bias.length), bias.clone()));
        }
        float largest = 0;
        for (int channel = 0; channel < bias.length; channel++) {
            largest = Math.max(largest, Math.abs(bias[channel] - begun[channel]));
        }
        return at.noting(
                new Applied(NAME, node.node().name(), "shifted the bias by up to " + largest));
    }
}
