package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.plan.WeightChannels;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a normalization with fixed statistics does to each channel: {@code x·factor + offset}. */
final class ChannelAffine {
    private static final float DEFAULT_EPSILON = 1e-5f;
    private static final int PARAMETERS = 4;

    private final double[] factors;
    private final double[] offsets;

    private ChannelAffine(double[] factors, double[] offsets) {
        this.factors = factors;
        this.offsets = offsets;
    }

    /**
     * What a BatchNormalization does; empty if it trains or its parameters are not constant float32
     * vectors of one length.
     */
    static Optional<ChannelAffine> of(Graph graph, Node norm) {
        List<Tensor> parameters =
                norm.inputs().stream()
                        .skip(1)
                        .flatMap(name -> graph.constant(name).stream())
                        .filter(LinearNode::isFloat)
                        .toList();
        boolean known =
                parameters.size() == PARAMETERS
                        && parameters.stream().map(Tensor::elements).distinct().count() == 1
                        && norm.integer("training_mode", 0) == 0
                        && norm.outputs().size() == 1;
        return known
                ? Optional.of(
                        of(
                                parameters.stream().map(Tensor::floats).toList(),
                                norm.number("epsilon").orElse(DEFAULT_EPSILON)))
                : Optional.empty();
    }

    private static ChannelAffine of(List<float[]> parameters, double epsilon) {
        float[] gamma = parameters.get(0);
        float[] beta = parameters.get(1);
        float[] mean = parameters.get(2);
        float[] variance = parameters.get(3);
        double[] factors = new double[gamma.length];
        double[] offsets = new double[gamma.length];
        for (int c = 0; c < gamma.length; c++) {
            factors[c] = gamma[c] / Math.sqrt(variance[c] + epsilon);
            offsets[c] = beta[c] - mean[c] * factors[c];
        }
        return new ChannelAffine(factors, offsets);
    }

    int channels() {
        return factors.length;
    }

    /** Whether any channel is moved, not only scaled. */
    boolean shifts() {
        return Arrays.stream(offsets).anyMatch(offset -> offset != 0);
    }

    double[] offsets() {
        return offsets.clone();
    }

    /** What becomes of one number for each channel. */
    float[] of(float[] values) {
        float[] changed = values.clone();
        for (int c = 0; c < changed.length; c++) {
            changed[c] = (float) (changed[c] * factors[c] + offsets[c]);
        }
        return changed;
    }

    /** The weights of a node with the factors in its output channels. */
    float[] scaleOutputs(LinearNode linear) {
        float[] weights = linear.weight().floats();
        WeightChannels channels = linear.channels();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (weights[i] * factors[channels.output(i)]);
        }
        return weights;
    }

    /** The weights of a node with the factors in its input channels. */
    float[] scaleInputs(LinearNode linear) {
        float[] weights = linear.weight().floats();
        WeightChannels channels = linear.channels();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (weights[i] * factors[channels.input(i)]);
        }
        return weights;
    }
}
