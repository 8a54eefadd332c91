package dev.nibble.observe;

import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Second moments of what a layer computes its outputs from: Σ p and Σ p·pᵀ over its {@link
 * Patches}, and, where targets go with them, Σ y and Σ y·pᵀ.
 *
 * <p>One matrix for each group of channels. At most so many positions of each item of a batch are
 * looked at, the same of every item: one from each of as many stretches of equal length, at a place
 * that a fixed hash gives. Products are added up in float over a few hundred positions, and those
 * sums in double; they merge up to rounding, see {@link Statistic}.
 */
public final class GramMatrix implements Statistic<GramMatrix> {
    /** Positions of an item that are enough where many items are seen. */
    public static final int DEFAULT_POSITIONS = 128;

    /** The moments of no patches, whatever their width. */
    public static final GramMatrix NOTHING =
            new GramMatrix(0, 0, 0, 0, new double[0], new double[0], new double[0], new double[0]);

    private final long count;
    private final int groups;
    private final int width;
    private final int outputs;
    private final double[] sums;
    private final double[] products;
    private final double[] targetSums;
    private final double[] crossProducts;

    /**
     * Takes the arrays over.
     *
     * @param width numbers in a patch
     * @param outputs targets of each group; 0 for none
     * @param products of each group, row-major, upper triangle
     */
    GramMatrix(
            long count,
            int groups,
            int width,
            int outputs,
            double[] sums,
            double[] products,
            double[] targetSums,
            double[] crossProducts) {
        this.count = count;
        this.groups = groups;
        this.width = width;
        this.outputs = outputs;
        this.sums = sums;
        this.products = products;
        this.targetSums = targetSums;
        this.crossProducts = crossProducts;
    }

    /** Looks at the inputs of a layer alone. */
    public static Observer<GramMatrix> observer(Patches patches, int positions) {
        return new OfInputs(patches, positions);
    }

    /**
     * The moments of inputs and of the targets that belong to them, sample by sample.
     *
     * @param targets what a layer with these patches has as its output
     */
    public static GramMatrix of(
            Patches patches, List<Tensor> inputs, List<Tensor> targets, int positions) {
        if (inputs.size() != targets.size()) {
            throw new IllegalArgumentException(
                    inputs.size() + " inputs do not go with " + targets.size() + " targets");
        }
        PatchProducts sum = new PatchProducts(patches, positions);
        for (int i = 0; i < inputs.size(); i++) {
            sum.add(inputs.get(i), Optional.of(targets.get(i)));
        }
        return sum.finish();
    }

    /** Number of patches seen of each group. */
    public long count() {
        return count;
    }

    public int groups() {
        return groups;
    }

    /** How many numbers a patch of one group has. */
    public int width() {
        return width;
    }

    /** How many targets each group has. */
    public int outputs() {
        return outputs;
    }

    /** The mean of each number of a group's patches. */
    public double[] mean(int group) {
        return scaled(sums, group, width);
    }

    /** The mean of each of a group's targets. */
    public double[] targetMean(int group) {
        return scaled(targetSums, group, outputs);
    }

    /** {@code E[p·pᵀ] − E[p]·E[p]ᵀ} of a group, row-major. */
    public double[] covariance(int group) {
        double[] mean = mean(group);
        double[] covariance = new double[width * width];
        int from = group * width * width;
        for (int i = 0; i < width; i++) {
            for (int j = i; j < width; j++) {
                double value = products[from + i * width + j] / count - mean[i] * mean[j];
                covariance[i * width + j] = value;
                covariance[j * width + i] = value;
            }
        }
        return covariance;
    }

    /** {@code E[y·pᵀ] − E[y]·E[p]ᵀ} of a group, a row for each target. */
    public double[] crossCovariance(int group) {
        double[] mean = mean(group);
        double[] targets = targetMean(group);
        double[] covariance = scaled(crossProducts, group, outputs * width);
        for (int row = 0; row < outputs; row++) {
            for (int j = 0; j < width; j++) {
                covariance[row * width + j] -= targets[row] * mean[j];
            }
        }
        return covariance;
    }

    private double[] scaled(double[] values, int group, int length) {
        double[] scaled = Arrays.copyOfRange(values, group * length, (group + 1) * length);
        for (int i = 0; i < length; i++) {
            scaled[i] /= count;
        }
        return scaled;
    }

    @Override
    public GramMatrix merge(GramMatrix other) {
        if (count == 0 || other.count == 0) {
            return count == 0 ? other : this;
        }
        if (groups != other.groups || width != other.width || outputs != other.outputs) {
            throw new IllegalArgumentException(
                    "moments of %s do not merge with those of %s; observe the same layer"
                            .formatted(this, other));
        }
        return new GramMatrix(
                count + other.count,
                groups,
                width,
                outputs,
                sum(sums, other.sums),
                sum(products, other.products),
                sum(targetSums, other.targetSums),
                sum(crossProducts, other.crossProducts));
    }

    private static double[] sum(double[] first, double[] second) {
        double[] sum = first.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += second[i];
        }
        return sum;
    }

    @Override
    public String toString() {
        return "%d patches of %d groups of %d inputs and %d targets"
                .formatted(count, groups, width, outputs);
    }

    private record OfInputs(Patches patches, int positions) implements Observer<GramMatrix> {
        @Override
        public GramMatrix nothing() {
            return NOTHING;
        }

        @Override
        public GramMatrix observe(Tensor values) {
            PatchProducts sum = new PatchProducts(patches, positions);
            sum.add(values, Optional.empty());
            return sum.finish();
        }
    }
}
