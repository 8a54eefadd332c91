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
    public static final GramMatrix NOTHING = new GramMatrix(0, Sums.zeros(0, 0, 0));

    private final long count;
    private final Sums sums;

    GramMatrix(long count, Sums sums) {
        this.count = count;
        this.sums = sums;
    }

    /**
     * The sums, group after group.
     *
     * @param width numbers in a patch
     * @param outputs targets of each group; 0 for none
     * @param inputs Σ p
     * @param products Σ p·pᵀ, row-major, upper triangle
     * @param targets Σ y
     * @param targetSquares Σ y²
     * @param cross Σ y·pᵀ, a row for each target
     */
    record Sums(
            int groups,
            int width,
            int outputs,
            double[] inputs,
            double[] products,
            double[] targets,
            double[] targetSquares,
            double[] cross) {
        static Sums zeros(int groups, int width, int outputs) {
            return new Sums(
                    groups,
                    width,
                    outputs,
                    new double[groups * width],
                    new double[Math.multiplyExact(groups * width, width)],
                    new double[groups * outputs],
                    new double[groups * outputs],
                    new double[Math.multiplyExact(groups * outputs, width)]);
        }

        Sums plus(Sums other) {
            return new Sums(
                    groups,
                    width,
                    outputs,
                    sum(inputs, other.inputs),
                    sum(products, other.products),
                    sum(targets, other.targets),
                    sum(targetSquares, other.targetSquares),
                    sum(cross, other.cross));
        }

        private static double[] sum(double[] first, double[] second) {
            double[] sum = first.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += second[i];
            }
            return sum;
        }
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
        return sums.groups();
    }

    /** How many numbers a patch of one group has. */
    public int width() {
        return sums.width();
    }

    /** How many targets each group has. */
    public int outputs() {
        return sums.outputs();
    }

    /** {@code E[p]} of a group. */
    public double[] mean(int group) {
        return means(sums.inputs(), group, width());
    }

    /** {@code E[y]} of a group. */
    public double[] targetMean(int group) {
        return means(sums.targets(), group, outputs());
    }

    /** {@code E[p·pᵀ]} of a group, row-major. */
    public double[] moments(int group) {
        int width = width();
        double[] moments = means(sums.products(), group, width * width);
        for (int i = 0; i < width; i++) {
            for (int j = i + 1; j < width; j++) {
                moments[j * width + i] = moments[i * width + j];
            }
        }
        return moments;
    }

    /** {@code E[p·pᵀ] − E[p]·E[p]ᵀ} of a group, row-major. */
    public double[] covariance(int group) {
        double[] mean = mean(group);
        return without(moments(group), mean, mean);
    }

    /** {@code E[y·pᵀ]} of a group, a row for each target. */
    public double[] crossMoments(int group) {
        return means(sums.cross(), group, outputs() * width());
    }

    /** {@code E[y·pᵀ] − E[y]·E[p]ᵀ} of a group, a row for each target. */
    public double[] crossCovariance(int group) {
        return without(crossMoments(group), targetMean(group), mean(group));
    }

    /** {@code E[y²]} of each of a group's targets. */
    public double[] targetSquares(int group) {
        return means(sums.targetSquares(), group, outputs());
    }

    private static double[] without(double[] moments, double[] left, double[] right) {
        for (int i = 0; i < left.length; i++) {
            for (int j = 0; j < right.length; j++) {
                moments[i * right.length + j] -= left[i] * right[j];
            }
        }
        return moments;
    }

    private double[] means(double[] values, int group, int length) {
        double[] means = Arrays.copyOfRange(values, group * length, (group + 1) * length);
        for (int i = 0; i < length; i++) {
            means[i] /= count;
        }
        return means;
    }

    @Override
    public GramMatrix merge(GramMatrix other) {
        if (count == 0 || other.count == 0) {
            return count == 0 ? other : this;
        }
        if (groups() != other.groups()
                || width() != other.width()
                || outputs() != other.outputs()) {
            throw new IllegalArgumentException(
                    "moments of %s do not merge with those of %s; observe the same layer"
                            .formatted(this, other));
        }
        return new GramMatrix(count + other.count, sums.plus(other.sums));
    }

    @Override
    public String toString() {
        return "%d patches of %d groups of %d inputs and %d targets"
                .formatted(count, groups(), width(), outputs());
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
