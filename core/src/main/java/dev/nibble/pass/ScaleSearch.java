package dev.nibble.pass;

import dev.nibble.observe.GramMatrix;
import dev.nibble.observe.Observer;
import dev.nibble.observe.Patches;
import dev.nibble.pass.Awq.Reader;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Searches the scales of one group of channels: the α of {@link Awq}. */
final class ScaleSearch {
    /** Weights of one output that second moments are taken of. */
    static final int WIDEST = 8192;

    private static final int STEPS = 20;

    /** How far from the middle magnitude a channel's may be. */
    private static final double FARTHEST = 1e4;

    /** A layer and the slots of its input channels. */
    private record Layer(WeightNoise noise, int[] slots) {}

    private final double[] sums;
    private final long[] counts;
    private final List<Layer> layers = new ArrayList<>();

    ScaleSearch(int slots) {
        sums = new double[slots];
        counts = new long[slots];
    }

    /**
     * What came out.
     *
     * @param factors of the channels, one a slot
     * @param strength the α
     * @param noise mean share of rounding errors in the outputs
     * @param noiseBefore the same without factors
     */
    record Found(double[] factors, double strength, double noise, double noiseBefore) {}

    /** Numbers that go into one output of a layer. */
    static int width(WeightedNode node) {
        return Math.toIntExact(node.weight().elements() / node.outputChannels());
    }

    /** Takes a layer in, with what it reads on every sample. */
    void add(Reader reader, List<Tensor> inputs) {
        WeightedNode node = reader.node();
        Patches patches = Patches.of(node.node(), node.weight().shape());
        Observer<GramMatrix> observer = GramMatrix.observer(patches, GramMatrix.DEFAULT_POSITIONS);
        GramMatrix gram = observer.nothing();
        for (Tensor input : inputs) {
            gram = gram.merge(observer.observe(input));
            addMagnitudes(input, node.channelAxis(), reader.slots());
        }
        if (gram.count() > 0) {
            layers.add(new Layer(new WeightNoise(node, reader.scheme(), gram), reader.slots()));
        }
    }

    private void addMagnitudes(Tensor input, int axis, int[] slots) {
        Shape shape = input.shape();
        int inner = Math.toIntExact(shape.product(shape.normalize(axis) + 1, shape.rank()));
        float[] values = input.floats();
        for (int from = 0; from < values.length; from += inner) {
            int slot = slots[from / inner % slots.length];
            double sum = 0;
            for (int i = from; i < from + inner; i++) {
                sum += Math.abs(values[i]);
            }
            sums[slot] += sum;
            counts[slot] += inner;
        }
    }

    /** The scales with the least noise; those of no effect if none lessen it. */
    Found best(FactorBounds bounds) {
        double[] none = new double[sums.length];
        Arrays.fill(none, 1);
        double before = noise(none);
        Found best = new Found(none, 0, before, before);
        for (int step = 1; step <= STEPS; step++) {
            double strength = (double) step / STEPS;
            double[] factors = factors(strength, bounds);
            double noise = noise(factors);
            if (noise < best.noise()) {
                best = new Found(factors, strength, noise, before);
            }
        }
        return best;
    }

    /** {@code 1/s}, with the greatest and the least s about equally far from 1. */
    private double[] factors(double strength, FactorBounds bounds) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = 0;
        for (int slot = 0; slot < sums.length; slot++) {
            if (sums[slot] > 0) {
                least = Math.min(least, mean(slot));
                greatest = Math.max(greatest, mean(slot));
            }
        }
        double middle = Math.sqrt(least * greatest);
        double[] factors = new double[sums.length];
        for (int slot = 0; slot < factors.length; slot++) {
            double share = Math.clamp(mean(slot) / middle, 1 / FARTHEST, FARTHEST);
            boolean alive = sums[slot] > 0;
            factors[slot] = alive ? bounds.clamp(slot, Math.pow(share, -strength)) : 1;
        }
        return factors;
    }

    private double mean(int slot) {
        return sums[slot] / counts[slot];
    }

    private double noise(double[] factors) {
        double sum = 0;
        for (Layer layer : layers) {
            double[] scales =
                    Arrays.stream(layer.slots()).mapToDouble(slot -> 1 / factors[slot]).toArray();
            sum += layer.noise().share(scales);
        }
        return sum / layers.size();
    }
}
