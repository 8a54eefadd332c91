package dev.nibble.report;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.lower.Dequantization;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.plan.WeightChannels;
import dev.nibble.plan.WeightOperand;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of a layer in the float and in the quantized network, in the same order.
 *
 * @param original those of the float network
 * @param actual what the codes stand for
 * @param outputs the output channel that each belongs to
 * @param outputChannels how many there are
 * @param inputs the input channel that each belongs to
 * @param inputChannels how many there are
 */
record WeightPair(
        float[] original,
        float[] actual,
        int[] outputs,
        int outputChannels,
        int[] inputs,
        int inputChannels) {
    /** Fewer weights of a channel than this are fit by any factor. */
    private static final int FEWEST = 4;

    /** The noise has to be so many times less for factors to be meant. */
    private static final double CLEARLY = 4;

    /** Less than this share of the weights is rounding of floats. */
    private static final double LEAST = 1e-9;

    private static final int ROUNDS = 5;

    /** The weights of nodes in both networks, by name of the node. */
    static Map<String, WeightPair> of(Graph original, Graph actual) {
        Map<String, Node> others = new HashMap<>();
        actual.nodes().forEach(node -> others.put(node.name(), node));
        Map<String, WeightPair> pairs = new HashMap<>();
        for (Node node : original.nodes()) {
            Optional<Tensor> one = weights(original, node);
            Optional<Node> other = Optional.ofNullable(others.get(node.name()));
            Optional<Tensor> two = other.flatMap(found -> weights(actual, found));
            if (one.isPresent() && two.isPresent()) {
                of(node, one.get(), other.get(), two.get())
                        .ifPresent(pair -> pairs.put(node.name(), pair));
            }
        }
        return pairs;
    }

    /**
     * The quantized network with the numbers that its codes stand for; empty if it cannot be told.
     */
    static Optional<Graph> dequantized(Model quantized) {
        if (QuantizedModels.evidence(quantized.graph()).isEmpty()) {
            return Optional.of(quantized.graph());
        }
        try {
            return Optional.of(Dequantization.undo(quantized).model().graph());
        } catch (NibbleException cannot) {
            return Optional.empty();
        }
    }

    private static Optional<Tensor> weights(Graph graph, Node node) {
        return WeightOperand.candidates(graph, node).stream()
                .map(WeightOperand::tensor)
                .filter(Tensor::isFloatingPoint)
                .findFirst();
    }

    private static Optional<WeightPair> of(Node node, Tensor one, Node other, Tensor two) {
        Optional<WeightChannels> channels = WeightChannels.of(node, one.shape());
        Optional<WeightChannels> others = WeightChannels.of(other, two.shape());
        if (channels.isPresent() && others.isPresent()) {
            return one.elements() == two.elements()
                            && channels.get().inputs() == others.get().inputs()
                            && channels.get().outputs() == others.get().outputs()
                    ? Optional.of(inOneOrder(channels.get(), one, others.get(), two))
                    : Optional.empty();
        }
        return one.shape().equals(two.shape())
                ? Optional.of(
                        new WeightPair(
                                one.floats(),
                                two.floats(),
                                new int[Math.toIntExact(one.elements())],
                                1,
                                new int[Math.toIntExact(one.elements())],
                                1))
                : Optional.empty();
    }

    private static WeightPair inOneOrder(
            WeightChannels channels, Tensor one, WeightChannels others, Tensor two) {
        float[] actual = new float[Math.toIntExact(two.elements())];
        float[] given = two.floats();
        for (int i = 0; i < given.length; i++) {
            actual[place(others, i)] = given[i];
        }
        float[] original = new float[actual.length];
        int[] outputs = new int[actual.length];
        int[] inputs = new int[actual.length];
        float[] own = one.floats();
        for (int i = 0; i < own.length; i++) {
            int place = place(channels, i);
            original[place] = own[i];
            outputs[place] = channels.output(i);
            inputs[place] = channels.input(i);
        }
        return new WeightPair(
                original, actual, outputs, channels.outputs(), inputs, channels.inputs());
    }

    /** Where an element stands among {@code [outputs × inputs of a group × kernel]}. */
    private static int place(WeightChannels channels, int element) {
        int inputs = channels.inputs() / channels.groups();
        int row = channels.output(element) * inputs + channels.input(element) % inputs;
        return row * channels.kernel() + element % channels.kernel();
    }

    /** Signal to noise in decibels. */
    double sqnrDb() {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < original.length; i++) {
            double error = (double) original[i] - actual[i];
            signal += (double) original[i] * original[i];
            noise += error * error;
        }
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
    }

    /**
     * The one of two pairs that differs less, whatever single factor there is between both sides.
     */
    WeightPair nearer(WeightPair other) {
        return other.residual(false, false) < residual(false, false) ? other : this;
    }

    /**
     * Whether the results of output channels were multiplied by factors of their own, as
     * equalization does: one factor for all leaves much more over.
     */
    boolean hasRescaledOutputs() {
        return enough(outputs, outputChannels)
                && over(residual(false, false), residual(true, false));
    }

    /**
     * Whether input channels were multiplied by factors of their own, on top of those of output
     * channels: they then arrive divided by them.
     */
    boolean hasRescaledInputs() {
        return isDepthwise()
                ? hasRescaledOutputs()
                : enough(inputs, inputChannels)
                        && over(residual(true, false), residual(true, true));
    }

    /** Whether an output channel reads one input channel: factors of the two are one. */
    private boolean isDepthwise() {
        return outputs.length > 0 && Arrays.equals(inputs, outputs);
    }

    private boolean enough(int[] channel, int channels) {
        return channels > 1 && channel.length >= FEWEST * (long) channels;
    }

    private boolean over(double without, double with) {
        double energy = 0;
        for (float weight : actual) {
            energy += (double) weight * weight;
        }
        return without > CLEARLY * Math.max(with, LEAST * energy);
    }

    /** What is left over of the weights after the best factors for outputs, inputs, or all. */
    private double residual(boolean ofOutputs, boolean ofInputs) {
        double[] rows = new double[outputChannels];
        double[] columns = new double[inputChannels];
        Arrays.fill(rows, 1);
        Arrays.fill(columns, 1);
        for (int round = 0; round < (ofInputs ? ROUNDS : 1); round++) {
            fit(rows, ofOutputs ? outputs : new int[outputs.length], columns, inputs);
            if (!ofOutputs) {
                Arrays.fill(rows, rows[0]);
            }
            if (ofInputs) {
                fit(columns, inputs, rows, outputs);
            }
        }
        double left = 0;
        for (int i = 0; i < actual.length; i++) {
            double error = actual[i] - original[i] * rows[outputs[i]] * columns[inputs[i]];
            left += error * error;
        }
        return left;
    }

    /** The factors of one kind that fit best beside those of the other. */
    private void fit(double[] factors, int[] channel, double[] others, int[] otherChannel) {
        double[] dots = new double[factors.length];
        double[] squares = new double[factors.length];
        for (int i = 0; i < actual.length; i++) {
            double expected = original[i] * others[otherChannel[i]];
            dots[channel[i]] += expected * actual[i];
            squares[channel[i]] += expected * expected;
        }
        for (int i = 0; i < factors.length; i++) {
            factors[i] = squares[i] == 0 ? 1 : dots[i] / squares[i];
        }
    }
}
