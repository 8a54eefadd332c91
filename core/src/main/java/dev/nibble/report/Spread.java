package dev.nibble.report;

import dev.nibble.tensor.Tensor;

/**
 * How the numbers of a tensor are spread, channel by channel.
 *
 * @param min the least finite number; 0 if there is none
 * @param max the greatest finite number; 0 if there is none
 * @param rms root of the mean square of the finite numbers
 * @param notFinite how many numbers are NaN or infinite
 * @param channelMaxAbs the largest magnitude in each channel
 */
record Spread(float min, float max, double rms, long notFinite, float[] channelMaxAbs) {
    private static final int BLOCK = 8192;

    /**
     * Looks through a floating-point tensor once.
     *
     * @param axis the one that counts channels; negative for one channel in all
     */
    static Spread of(Tensor tensor, int axis) {
        boolean channels = axis >= 0;
        int count = channels ? Math.toIntExact(tensor.shape().dim(axis)) : 1;
        long inner = channels ? tensor.shape().product(axis + 1, tensor.shape().rank()) : 1;
        float[] maxAbs = new float[count];
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        double squares = 0;
        long notFinite = 0;
        float[] block = new float[(int) Math.min(BLOCK, tensor.elements())];
        for (long first = 0; first < tensor.elements(); first += block.length) {
            int length = (int) Math.min(block.length, tensor.elements() - first);
            tensor.copyFloats(first, block, 0, length);
            for (int i = 0; i < length; i++) {
                float value = block[i];
                if (!Float.isFinite(value)) {
                    notFinite++;
                    continue;
                }
                min = Math.min(min, value);
                max = Math.max(max, value);
                squares += (double) value * value;
                int channel = channels ? (int) ((first + i) / inner % count) : 0;
                maxAbs[channel] = Math.max(maxAbs[channel], Math.abs(value));
            }
        }
        long finite = tensor.elements() - notFinite;
        return new Spread(
                finite == 0 ? 0 : min,
                finite == 0 ? 0 : max,
                finite == 0 ? 0 : Math.sqrt(squares / finite),
                notFinite,
                maxAbs);
    }

    float maxAbs() {
        return Math.max(Math.abs(min), Math.abs(max));
    }

    /** Channels that hold nothing but zeros. */
    int deadChannels() {
        int dead = 0;
        for (float channel : channelMaxAbs) {
            dead += channel == 0 ? 1 : 0;
        }
        return dead;
    }

    /** Channels that hold something, but less than a fraction of the tensor's largest magnitude. */
    int channelsBelow(double fraction) {
        int below = 0;
        for (float channel : channelMaxAbs) {
            below += channel > 0 && channel < fraction * maxAbs() ? 1 : 0;
        }
        return below;
    }
}
