package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Node;
import dev.nibble.number.Quantizer;
import dev.nibble.observe.ChannelMeans;
import dev.nibble.observe.ValueStatistic;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.WeightChannels;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Optional;

/**
 * Takes the shift that rounding the weights brings to each output channel's mean back out of the
 * bias.
 *
 * <p>{@code b' = b − Σ (Wq − W)·E[x]}, with the means of the input channels in the float network,
 * observed during calibration; borders padded with zeros count as if they were inside. (Nagel et
 * al. 2019, arXiv 1906.04721, section 4.2, with measured means in the place of assumed ones.)
 */
public record BiasCorrection() implements Pass {
    private static final String NAME = "BiasCorrection";

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Draft at = draft;
        for (Node node : draft.graph().nodes()) {
            Optional<WeightedNode> weighted = WeightedNode.of(draft.graph(), node);
            if (weighted.isPresent() && draft.plan().hasCodes(node)) {
                at = correct(at, weighted.get());
            }
        }
        return at;
    }

    private static Draft correct(Draft draft, WeightedNode weighted) {
        Node node = weighted.node();
        if (node.is("MatMul")) {
            return draft.noting(new Skipped(NAME, node.name(), "MatMul has no bias to correct"));
        }
        ValueStatistic observed = draft.observed().get(weighted.input());
        if (observed == null || observed.channels().isEmpty()) {
            return draft.noting(
                    new Skipped(
                            NAME,
                            node.name(),
                            "the channel means of its input "
                                    + weighted.input()
                                    + " were not observed"));
        }
        double[] shift = shift(draft, weighted, observed.channels());
        Draft own = OwnConstants.bias(draft, node);
        String name = own.graph().node(node.name()).input(2);
        float[] bias = own.fittedConstant(name).floats();
        double largest = 0;
        for (int channel = 0; channel < bias.length; channel++) {
            bias[channel] = (float) (bias[channel] - shift[channel]);
            largest = Math.max(largest, Math.abs(shift[channel]));
        }
        return own.fit(name, Tensor.ofFloats(Shape.of(bias.length), bias))
                .noting(
                        new Applied(
                                NAME, node.name(), "shifted the bias by up to " + (float) largest));
    }

    /** For each output channel, what the rounding errors of its weights add on average. */
    private static double[] shift(Draft draft, WeightedNode weighted, ChannelMeans inputs) {
        Tensor weight = weighted.weight();
        float[] exact = weight.floats();
        float[] rounded =
                Quantizer.fakeQuantize(
                                draft.fittedConstant(weighted.weightName()),
                                draft.plan().encoding(weighted.weightName()).orElseThrow())
                        .floats();
        WeightChannels channels = WeightChannels.of(weighted.node(), weight.shape()).orElseThrow();
        double[] shift = new double[weighted.outputChannels()];
        for (int i = 0; i < exact.length; i++) {
            int output = channels.output(i);
            shift[output] += ((double) rounded[i] - exact[i]) * inputs.mean(channels.input(i));
        }
        return shift;
    }
}
