package dev.nibble.formats.image;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.MemoryBudget;

import java.util.Arrays;

/**
 * Resizes pictures with an antialiased triangle filter, to the bit as Pillow's {@code
 * Image.resize(size, BILINEAR)}.
 *
 * <p>The filter is as wide as the reduction, so that every pixel of the source counts: output pixel
 * x lies at c = (x + ½)·s, with s = source size / target size, and weighs the source pixels within
 * max(s, 1) of it by 1 − |distance| / max(s, 1), normalized. First the rows, then the columns;
 * after each the result is rounded to 8 bits. Weights are fixed-point numbers of 22 bits, which
 * leaves the sum of 8-bit products within an int.
 */
final class Resampler {
    private static final int PRECISION_BITS = 22;
    private static final int HALF = 1 << (PRECISION_BITS - 1);

    private Resampler() {}

    /**
     * The picture in another size.
     *
     * @throws NibbleException if that, or the way to it, is too large
     */
    static Pixels resize(Pixels source, int width, int height) {
        long most = (long) width * Math.max(source.height(), height);
        if (most > Pixels.most()) {
            throw new NibbleException(
                    "its %d×%d pixels would become %d×%d, more than are worth the memory; cut it to the proportions of the network, or %s"
                            .formatted(
                                    source.width(),
                                    source.height(),
                                    width,
                                    Math.max(source.height(), height),
                                    MemoryBudget.remedy()));
        }
        Pixels narrowed = source.width() == width ? source : resizeRows(source, width);
        return narrowed.height() == height ? narrowed : resizeColumns(narrowed, height);
    }

    /**
     * The weights for one axis.
     *
     * @param first for each output, the first input that counts
     * @param counts how many do
     * @param weights {@code stride} for each output
     */
    private record Weights(int[] first, int[] counts, int[] weights, int stride) {
        static Weights of(int from, int to) {
            double scale = (double) from / to;
            double support = Math.max(scale, 1);
            int stride = (int) Math.ceil(support) * 2 + 1;
            int[] first = new int[to];
            int[] counts = new int[to];
            int[] weights = new int[to * stride];
            double[] exact = new double[stride];
            for (int i = 0; i < to; i++) {
                double center = (i + 0.5) * scale;
                first[i] = Math.max((int) (center - support + 0.5), 0);
                counts[i] = Math.min((int) (center + support + 0.5), from) - first[i];
                double sum = 0;
                for (int k = 0; k < counts[i]; k++) {
                    double distance = Math.abs((k + first[i] - center + 0.5) * (1 / support));
                    exact[k] = Math.max(1 - distance, 0);
                    sum += exact[k];
                }
                for (int k = 0; k < counts[i]; k++) {
                    weights[i * stride + k] = (int) (0.5 + exact[k] / sum * (1 << PRECISION_BITS));
                }
            }
            return new Weights(first, counts, weights, stride);
        }
    }

    private static Pixels resizeRows(Pixels source, int width) {
        Weights weights = Weights.of(source.width(), width);
        byte[] result = new byte[width * source.height() * source.channels()];
        for (int y = 0; y < source.height(); y++) {
            int from = y * source.width() * source.channels();
            int to = y * width * source.channels();
            if (source.channels() == 3) {
                resizeRow3(source.data(), from, result, to, weights);
            } else {
                resizeRow1(source.data(), from, result, to, weights);
            }
        }
        return new Pixels(width, source.height(), source.channels(), result);
    }

    private static void resizeRow3(
            byte[] source, int from, byte[] result, int to, Weights weights) {
        int[] coefficients = weights.weights;
        int at = to;
        for (int x = 0; x < weights.first.length; x++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int pixel = from + 3 * weights.first[x];
            int firstWeight = x * weights.stride;
            for (int k = firstWeight; k < firstWeight + weights.counts[x]; k++) {
                int weight = coefficients[k];
                red += weight * (source[pixel] & 0xFF);
                green += weight * (source[pixel + 1] & 0xFF);
                blue += weight * (source[pixel + 2] & 0xFF);
                pixel += 3;
            }
            result[at] = rounded(red);
            result[at + 1] = rounded(green);
            result[at + 2] = rounded(blue);
            at += 3;
        }
    }

    private static void resizeRow1(
            byte[] source, int from, byte[] result, int to, Weights weights) {
        for (int x = 0; x < weights.first.length; x++) {
            int sum = HALF;
            for (int k = 0; k < weights.counts[x]; k++) {
                sum +=
                        weights.weights[x * weights.stride + k]
                                * (source[from + weights.first[x] + k] & 0xFF);
            }
            result[to + x] = rounded(sum);
        }
    }

    private static Pixels resizeColumns(Pixels source, int height) {
        Weights weights = Weights.of(source.height(), height);
        int row = source.width() * source.channels();
        byte[] result = new byte[row * height];
        int[] sums = new int[row];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, HALF);
            for (int k = 0; k < weights.counts[y]; k++) {
                addRow(
                        source.data(),
                        (weights.first[y] + k) * row,
                        weights.weights[y * weights.stride + k],
                        sums);
            }
            roundRow(sums, result, y * row);
        }
        return new Pixels(source.width(), height, source.channels(), result);
    }

    private static void addRow(byte[] source, int from, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * (source[from + i] & 0xFF);
        }
    }

    private static void roundRow(int[] sums, byte[] result, int to) {
        for (int i = 0; i < sums.length; i++) {
            result[to + i] = rounded(sums[i]);
        }
    }

    /**
     * The weights are not negative, so a sum is at least 0; rounding them up may lift it above 255.
     */
    private static byte rounded(int sum) {
        return (byte) Math.min(sum >> PRECISION_BITS, 255);
    }
}
