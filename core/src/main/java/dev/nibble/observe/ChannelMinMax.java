package dev.nibble.observe;

import dev.nibble.kernel.Kernels;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;

/** The extremes of the finite values of each channel. Merges exactly. */
public final class ChannelMinMax implements Statistic<ChannelMinMax> {
    /** The extremes of no values, whatever the number of channels. */
    public static final ChannelMinMax NOTHING = new ChannelMinMax(new float[0], new float[0]);

    private final float[] min;
    private final float[] max;

    private ChannelMinMax(float[] min, float[] max) {
        this.min = min;
        this.max = max;
    }

    /**
     * Takes each index along an axis as a channel, as axis 1 of {@code [samples × channels × height
     * × width]}.
     *
     * @param axis negative axes count from the end
     */
    public static Observer<ChannelMinMax> observer(int axis) {
        return new AlongAxis(axis);
    }

    /** Number of channels; 0 if no values were seen. */
    public int channels() {
        return min.length;
    }

    public boolean isEmpty() {
        return min.length == 0;
    }

    /** The least finite value of a channel; positive infinity if there is none. */
    public float min(int channel) {
        return min[channel];
    }

    /** The greatest finite value of a channel; negative infinity if there is none. */
    public float max(int channel) {
        return max[channel];
    }

    @Override
    public ChannelMinMax merge(ChannelMinMax other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        if (channels() != other.channels()) {
            throw new IllegalArgumentException(
                    "extremes of %d channels do not merge with those of %d; observe the same axis"
                            .formatted(channels(), other.channels()));
        }
        float[] least = min.clone();
        float[] greatest = max.clone();
        for (int channel = 0; channel < least.length; channel++) {
            least[channel] = Math.min(least[channel], other.min[channel]);
            greatest[channel] = Math.max(greatest[channel], other.max[channel]);
        }
        return new ChannelMinMax(least, greatest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelMinMax extremes
                && Arrays.equals(min, extremes.min)
                && Arrays.equals(max, extremes.max);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(min) + Arrays.hashCode(max);
    }

    @Override
    public String toString() {
        return "extremes of " + channels() + " channels";
    }

    private record AlongAxis(int axis) implements Observer<ChannelMinMax> {
        @Override
        public ChannelMinMax nothing() {
            return NOTHING;
        }

        @Override
        public ChannelMinMax observe(Tensor values) {
            Shape shape = values.shape();
            if (shape.elements() == 0) {
                return NOTHING;
            }
            float[] min = new float[Math.toIntExact(shape.dim(axis))];
            float[] max = new float[min.length];
            Arrays.fill(min, Float.POSITIVE_INFINITY);
            Arrays.fill(max, Float.NEGATIVE_INFINITY);
            Kernels kernels = Kernels.forElements(shape.elements());
            ChannelRuns.forEach(
                    values,
                    axis,
                    (channel, block, from, to) -> {
                        Kernels.Extremes seen = kernels.extremes(block, from, to - from);
                        min[channel] = Math.min(min[channel], seen.min());
                        max[channel] = Math.max(max[channel], seen.max());
                    });
            return new ChannelMinMax(min, max);
        }
    }
}
