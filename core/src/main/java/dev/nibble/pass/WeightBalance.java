package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.pass.ChannelGroup.Port;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds the factors with which each channel takes the same share of the weight range before and
 * behind it.
 *
 * <p>With the share {@code p} that a channel's largest weight has in the range of its tensor,
 * factor {@code sqrt(p_behind / p_before)} makes both the same, which maximizes the sum of their
 * products; layers that are between two groups need several rounds. Where several layers write or
 * read, the geometric mean of their shares counts.
 */
final class WeightBalance {
    private static final int ROUNDS = 40;

    /** A round in which no factor moves by more than this ratio is the last. */
    private static final double SETTLED = 1e-3;

    /** Beyond this a channel is as good as dead. */
    private static final double MOST = 1e3;

    private final List<ChannelGroup> groups;
    private final List<FactorBounds> bounds;
    private final double strength;
    private final Map<Node, Reach> reaches = new HashMap<>();

    WeightBalance(
            Graph graph, List<ChannelGroup> groups, List<FactorBounds> bounds, double strength) {
        this.groups = groups;
        this.bounds = bounds;
        this.strength = strength;
        for (ChannelGroup group : groups) {
            for (Port port : group.writers()) {
                reaches.computeIfAbsent(port.node(), node -> Reach.of(graph, node));
            }
            for (Port port : group.readers()) {
                reaches.computeIfAbsent(port.node(), node -> Reach.of(graph, node));
            }
        }
    }

    /** One factor for each slot of each group. */
    List<double[]> factors() {
        List<double[]> factors = new ArrayList<>();
        for (ChannelGroup group : groups) {
            double[] ones = new double[group.slots()];
            Arrays.fill(ones, 1);
            factors.add(ones);
        }
        double moved = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS && moved > SETTLED; round++) {
            moved = 0;
            for (int i = 0; i < groups.size(); i++) {
                moved = Math.max(moved, balance(groups.get(i), bounds.get(i), factors.get(i)));
            }
        }
        return factors;
    }

    /** Improves the factors of one group and gives the logarithm of the largest change. */
    private double balance(ChannelGroup group, FactorBounds bound, double[] factors) {
        double[] before = shares(group.writers(), group.slots(), true);
        double[] behind = shares(group.readers(), group.slots(), false);
        double moved = 0;
        for (int slot = 0; slot < factors.length; slot++) {
            if (before[slot] > 0 && behind[slot] > 0) {
                double step = Math.pow(behind[slot] / before[slot], strength / 2);
                double wanted = Math.clamp(factors[slot] * step, 1 / MOST, MOST);
                double next = bound.clamp(slot, wanted);
                moved = Math.max(moved, Math.abs(Math.log(next / factors[slot])));
                factors[slot] = next;
            }
        }
        group.writers().forEach(port -> reach(port).scaleOutputs(port, factors));
        group.readers().forEach(port -> reach(port).scaleInputs(port, factors));
        return moved;
    }

    private Reach reach(Port port) {
        return Objects.requireNonNull(reaches.get(port.node()));
    }

    /** The geometric mean of the shares of each slot over some nodes; 0 where it has no weights. */
    private double[] shares(List<Port> ports, int slots, boolean ofOutputs) {
        double[] logs = new double[slots];
        int[] counts = new int[slots];
        for (Port port : ports) {
            double[] reach = reach(port).largest(ofOutputs);
            double range = Arrays.stream(reach).max().orElse(0);
            for (int channel = 0; channel < reach.length; channel++) {
                if (reach[channel] > 0) {
                    logs[port.slots()[channel]] += Math.log(reach[channel] / range);
                    counts[port.slots()[channel]]++;
                }
            }
        }
        double[] shares = new double[slots];
        for (int slot = 0; slot < slots; slot++) {
            shares[slot] = counts[slot] == 0 ? 0 : Math.exp(logs[slot] / counts[slot]);
        }
        return shares;
    }

    /** The magnitudes of the weights of a node with the factors that were tried last. */
    private static final class Reach {
        private final int[] outputs;
        private final int[] inputs;
        private final double[] magnitudes;
        private double[] up;
        private double[] down;

        private Reach(
                int[] outputs, int[] inputs, double[] magnitudes, double[] up, double[] down) {
            this.outputs = outputs;
            this.inputs = inputs;
            this.magnitudes = magnitudes;
            this.up = up;
            this.down = down;
        }

        /** One magnitude for each pair of channels; none for a node without weights. */
        static Reach of(Graph graph, Node node) {
            return LinearNode.of(graph, node)
                    .map(Reach::of)
                    .orElseGet(() ->
                            new Reach(
                                    new int[0],
                                    new int[0],
                                    new double[0],
                                    new double[0],
                                    new double[0]));
        }

        private static Reach of(LinearNode linear) {
            float[] weights = linear.weight().floats();
            int kernel = linear.channels().kernel();
            int pairs = weights.length / kernel;
            int[] outputs = new int[pairs];
            int[] inputs = new int[pairs];
            double[] magnitudes = new double[pairs];
            for (int pair = 0; pair < pairs; pair++) {
                outputs[pair] = linear.channels().output(pair * kernel);
                inputs[pair] = linear.channels().input(pair * kernel);
                for (int i = pair * kernel; i < (pair + 1) * kernel; i++) {
                    magnitudes[pair] = Math.max(magnitudes[pair], Math.abs(weights[i]));
                }
            }
            double[] up = new double[linear.channels().outputs()];
            double[] down = new double[linear.channels().inputs()];
            Arrays.fill(up, 1);
            Arrays.fill(down, 1);
            return new Reach(outputs, inputs, magnitudes, up, down);
        }

        void scaleOutputs(Port port, double[] factors) {
            up = Rescaling.pick(port, factors);
        }

        void scaleInputs(Port port, double[] factors) {
            down = Rescaling.pick(port, factors);
        }

        /** The largest magnitude of each output or input channel. */
        double[] largest(boolean ofOutputs) {
            double[] largest = new double[ofOutputs ? up.length : down.length];
            for (int pair = 0; pair < magnitudes.length; pair++) {
                int channel = ofOutputs ? outputs[pair] : inputs[pair];
                double scaled = magnitudes[pair] * up[outputs[pair]] / down[inputs[pair]];
                largest[channel] = Math.max(largest[channel], scaled);
            }
            return largest;
        }
    }
}
