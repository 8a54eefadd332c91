package dev.nibble.task;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each pixel is: the channel with the greatest score, or with one channel whether the score is
 * above a threshold.
 *
 * @param classes one for each pixel; −1 where all its scores are NaN
 */
record PixelMap(int[] classes) {
    private static final int UNKNOWN = -1;
    private static final float HALF = 0.5f;

    /**
     * The axis of channels of a map {@code [N × C × H × W]} or {@code [N × H × W × C]}: the last
     * one where it is the shortest, or else the second.
     */
    static int channelAxis(Shape shape) {
        long last = shape.dim(3);
        return last < shape.dim(1) && last < shape.dim(2) ? 3 : 1;
    }

    /**
     * The map of one sample.
     *
     * @param threshold for maps of one channel
     */
    static PixelMap of(Tensor map, float threshold) {
        Shape shape = map.shape();
        int axis = channelAxis(shape);
        int channels = Math.toIntExact(shape.dim(axis));
        float[] values = map.floats();
        int pixels = values.length / channels;
        int perImage = pixels / Math.toIntExact(shape.dim(0));
        int[] classes = new int[pixels];
        for (int pixel = 0; pixel < pixels; pixel++) {
            int first =
                    axis == 3
                            ? pixel * channels
                            : pixel / perImage * perImage * channels + pixel % perImage;
            classes[pixel] =
                    channels == 1
                            ? above(values[first], threshold)
                            : Steps.top(values, first, axis == 3 ? 1 : perImage, channels);
        }
        return new PixelMap(classes);
    }

    private static int above(float value, float threshold) {
        return Float.isNaN(value) ? UNKNOWN : value > threshold ? 1 : 0;
    }

    /**
     * The threshold of a mask: a half where all numbers are probabilities, or else 0, where the
     * logistic function has a half.
     */
    static float threshold(Tensor mask) {
        for (float value : mask.floats()) {
            if (value < 0 || value > 1) {
                return 0;
            }
        }
        return HALF;
    }

    /** Share of pixels that are the same. */
    double agreement(PixelMap other) {
        int same = 0;
        for (int i = 0; i < classes.length; i++) {
            same += classes[i] == other.classes[i] && classes[i] != UNKNOWN ? 1 : 0;
        }
        return (double) same / classes.length;
    }

    /**
     * Intersection over union of what both call a class, as the mean over the classes that occur in
     * either.
     *
     * @param mask whether there is one class alone, and 0 is its absence; 1 if it is absent in both
     */
    double meanIou(PixelMap other, boolean mask) {
        Map<Integer, long[]> counts = new TreeMap<>();
        for (int i = 0; i < classes.length; i++) {
            int one = classes[i];
            int two = other.classes[i];
            counts.computeIfAbsent(one, _ -> new long[2])[1]++;
            if (one == two) {
                counts.computeIfAbsent(one, _ -> new long[2])[0]++;
            } else {
                counts.computeIfAbsent(two, _ -> new long[2])[1]++;
            }
        }
        counts.remove(UNKNOWN);
        if (mask) {
            counts.remove(0);
        }
        return counts.values().stream()
                .mapToDouble(count -> (double) count[0] / count[1])
                .average()
                .orElse(1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PixelMap map && Arrays.equals(classes, map.classes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(classes);
    }

    @Override
    public String toString() {
        return Arrays.toString(classes);
    }
}
