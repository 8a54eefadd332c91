package dev.nibble.observe;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;

/**
 * Count, sum and sum of squares of the values of each channel, in double: means and mean squares.
 *
 * <p>Sums of floating-point numbers merge up to rounding, see {@link Statistic}. Values that are
 * not finite show in the sums.
 */
public final class ChannelMoments implements Statistic<ChannelMoments> {
    /** The moments of no values, whatever the number of channels. */
    public static final ChannelMoments NOTHING =
            new ChannelMoments(0, new double[0], new double[0]);

    private final long count;
    private final double[] sums;
    private final double[] squares;

    private ChannelMoments(long count, double[] sums, double[] squares) {
        this.count = count;
        this.sums = sums;
        this.squares = squares;
    }

    /**
     * Takes each index along an axis as a channel, as axis 1 of {@code [samples × channels × height
     * × width]}.
     *
     * @param axis negative axes count from the end
     */
    public static Observer<ChannelMoments> observer(int axis) {
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

    /** The mean of the squares of a channel's values. */
    public double meanSquare(int channel) {
        return squares[channel] / count;
    }

    @Override
    public ChannelMoments merge(ChannelMoments other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        if (channels() != other.channels()) {
            throw new IllegalArgumentException(
                    "moments of %d channels do not merge with those of %d; observe the same axis"
                            .formatted(channels(), other.channels()));
        }
        return new ChannelMoments(
                count + other.count, sum(sums, other.sums), sum(squares, other.squares));
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
        return other instanceof ChannelMoments moments
                && count == moments.count
                && Arrays.equals(sums, moments.sums)
                && Arrays.equals(squares, moments.squares);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(count) + Arrays.hashCode(sums);
    }

    @Override
    public String toString() {
        return count + " values in each of " + channels() + " channels";
    }

    private record AlongAxis(int axis) implements Observer<ChannelMoments> {
        @Override
        public ChannelMoments nothing() {
            return NOTHING;
        }

        @Override
        public ChannelMoments observe(Tensor values) {
            Shape shape = values.shape();
            if (shape.elements() == 0) {
                return NOTHING;
            }
            int at = shape.normalize(axis);
            Accumulator accumulator =
                    new Accumulator(
                            Math.toIntExact(shape.dim(at)), shape.product(at + 1, shape.rank()));
            FloatBlocks.forEach(values, accumulator::add);
            return new ChannelMoments(
                    shape.elements() / shape.dim(at), accumulator.sums, accumulator.squares);
        }
    }

    /** Adds up runs of values of one channel as they come, channel after channel. */
    private static final class Accumulator {
        private final double[] sums;
        private final double[] squares;
        private final long run;
        private int channel;
        private long left;

        Accumulator(int channels, long run) {
            this.sums = new double[channels];
            this.squares = new double[channels];
            this.run = run;
            this.left = run;
        }

        void add(float[] block, int length) {
            for (int at = 0; at < length; ) {
                int end = (int) Math.min(length, at + left);
                addRun(block, at, end);
                left -= end - at;
                at = end;
                if (left == 0) {
                    left = run;
                    channel = channel + 1 == sums.length ? 0 : channel + 1;
                }
            }
        }

        /** Four partial sums, so that an addition need not wait for the one before. */
        private void addRun(float[] values, int from, int to) {
            double sum0 = 0;
            double sum1 = 0;
            double square0 = 0;
            double square1 = 0;
            int at = from;
            for (; at + 1 < to; at += 2) {
                double even = values[at];
                double odd = values[at + 1];
                sum0 += even;
                sum1 += odd;
                square0 += even * even;
                square1 += odd * odd;
            }
            if (at < to) {
                double last = values[at];
                sum0 += last;
                square0 += last * last;
            }
            sums[channel] += sum0 + sum1;
            squares[channel] += square0 + square1;
        }
    }
}
