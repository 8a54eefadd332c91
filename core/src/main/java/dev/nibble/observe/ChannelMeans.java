package dev.nibble.observe;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;

/**
 * Count and sum of the values of each channel, in double: the means.
 *
 * <p>Sums of floating-point numbers merge up to rounding, see {@link Statistic}. Values that are
 * not finite show in the sums.
 */
public final class ChannelMeans implements Statistic<ChannelMeans> {
    /** The means of no values, whatever the number of channels. */
    public static final ChannelMeans NOTHING = new ChannelMeans(0, new double[0]);

    private final long count;
    private final double[] sums;

    private ChannelMeans(long count, double[] sums) {
        this.count = count;
        this.sums = sums;
    }

    /**
     * Takes each index along an axis as a channel, as axis 1 of {@code [samples × channels × height
     * × width]}.
     *
     * @param axis negative axes count from the end
     */
    public static Observer<ChannelMeans> observer(int axis) {
        return new AlongAxis(axis);
    }

    /** Number of channels; 0 if no values were seen. */
    public int channels() {
        return sums.length;
    }

    /** Number of values of each channel. */
    public long count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** The mean of a channel's values. */
    public double mean(int channel) {
        return sums[channel] / count;
    }

    @Override
    public ChannelMeans merge(ChannelMeans other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        if (channels() != other.channels()) {
            throw new IllegalArgumentException(
                    "means of %d channels do not merge with those of %d; observe the same axis"
                            .formatted(channels(), other.channels()));
        }
        return new ChannelMeans(count + other.count, sum(sums, other.sums));
    }

    private static double[] sum(double[] first, double[] second) {
        double[] sum = first.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += second[i];
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelMeans means
                && count == means.count
                && Arrays.equals(sums, means.sums);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(count) + Arrays.hashCode(sums);
    }

    @Override
    public String toString() {
        return count + " values in each of " + channels() + " channels";
    }

    private record AlongAxis(int axis) implements Observer<ChannelMeans> {
        @Override
        public ChannelMeans nothing() {
            return NOTHING;
        }

        @Override
        public ChannelMeans observe(Tensor values) {
            Shape shape = values.shape();
            if (shape.elements() == 0) {
                return NOTHING;
            }
            int channels = Math.toIntExact(shape.dim(axis));
            double[] sums = new double[channels];
            ChannelRuns.forEach(
                    values,
                    axis,
                    (channel, block, from, to) -> sums[channel] += sum(block, from, to));
            return new ChannelMeans(shape.elements() / channels, sums);
        }

        /** Four partial sums, so that an addition need not wait for the one before. */
        private static double sum(float[] values, int from, int to) {
            double sum0 = 0;
            double sum1 = 0;
            double sum2 = 0;
            double sum3 = 0;
            int at = from;
            for (; at + 3 < to; at += 4) {
                sum0 += values[at];
                sum1 += values[at + 1];
                sum2 += values[at + 2];
                sum3 += values[at + 3];
            }
            for (; at < to; at++) {
                sum0 += values[at];
            }
            return (sum0 + sum1) + (sum2 + sum3);
        }
    }
}
