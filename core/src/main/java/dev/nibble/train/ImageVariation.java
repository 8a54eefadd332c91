package dev.nibble.train;

import dev.nibble.tensor.Tensor;

import java.util.SplittableRandom;

/** One image on its way through an {@link Augmentation}. */
final class ImageVariation {
    private static final double HALF = 0.5;

    private final Augmentation wanted;
    private final float[] pixels;
    private final int height;
    private final int width;
    private final int channels;
    private final int rowStride;
    private final int columnStride;
    private final int channelStride;

    ImageVariation(Augmentation wanted, Tensor image) {
        this.wanted = wanted;
        this.pixels = image.floats();
        long[] dims = image.shape().dims();
        boolean channelsFirst = dims[1] <= 4;
        this.channels = (int) dims[channelsFirst ? 1 : 3];
        this.height = (int) dims[channelsFirst ? 2 : 1];
        this.width = (int) dims[channelsFirst ? 3 : 2];
        this.columnStride = channelsFirst ? 1 : channels;
        this.rowStride = width * columnStride;
        this.channelStride = channelsFirst ? width * height : 1;
    }

    float[] drawn(SplittableRandom random) {
        boolean mirrored = wanted.flip() && random.nextBoolean();
        double size = 1 / (1 + wanted.zoom() * random.nextDouble());
        double top = (1 - size) * random.nextDouble() * height + moved(random, height);
        double left = (1 - size) * random.nextDouble() * width + moved(random, width);
        float[] result = new float[pixels.length];
        for (int row = 0; row < height; row++) {
            double y = reflected(top + row * size, height);
            for (int column = 0; column < width; column++) {
                int from = mirrored ? width - 1 - column : column;
                double x = reflected(left + from * size, width);
                for (int channel = 0; channel < channels; channel++) {
                    result[at(row, column, channel)] = pixel(y, x, channel);
                }
            }
        }
        color(result, random);
        cut(result, random);
        return result;
    }

    /** Whole pixels, so that a move alone blurs nothing. */
    private double moved(SplittableRandom random, int extent) {
        int most = (int) Math.round(wanted.shift() * extent);
        return most == 0 ? 0 : random.nextInt(2 * most + 1) - most;
    }

    private int at(int row, int column, int channel) {
        return row * rowStride + column * columnStride + channel * channelStride;
    }

    private static double reflected(double place, int extent) {
        double last = extent - 1;
        double inside = place < 0 ? -place : place;
        return inside > last ? Math.max(0, 2 * last - inside) : inside;
    }

    /** Between four pixels, bilinear. */
    private float pixel(double y, double x, int channel) {
        int row = (int) y;
        int column = (int) x;
        double down = y - row;
        double right = x - column;
        if (down == 0 && right == 0) {
            return pixels[at(row, column, channel)];
        }
        int below = Math.min(row + 1, height - 1);
        int beside = Math.min(column + 1, width - 1);
        double upper =
                (1 - right) * pixels[at(row, column, channel)]
                        + right * pixels[at(row, beside, channel)];
        double lower =
                (1 - right) * pixels[at(below, column, channel)]
                        + right * pixels[at(below, beside, channel)];
        return (float) ((1 - down) * upper + down * lower);
    }

    private void color(float[] image, SplittableRandom random) {
        if (wanted.color() == 0) {
            return;
        }
        double mean = 0;
        double square = 0;
        for (float value : image) {
            mean += value;
            square += (double) value * value;
        }
        mean /= image.length;
        double spread = Math.sqrt(Math.max(0, square / image.length - mean * mean));
        double contrast = 1 + wanted.color() * (2 * random.nextDouble() - 1);
        for (int channel = 0; channel < channels; channel++) {
            double brightness = wanted.color() * (2 * random.nextDouble() - 1) * spread;
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    int place = at(row, column, channel);
                    image[place] = (float) ((image[place] - mean) * contrast + mean + brightness);
                }
            }
        }
    }

    /** Blanks a square with the mean of each channel. */
    private void cut(float[] image, SplittableRandom random) {
        if (wanted.cutout() == 0) {
            return;
        }
        double halfHeight = wanted.cutout() * height * HALF;
        double halfWidth = wanted.cutout() * width * HALF;
        double y = random.nextDouble() * height;
        double x = random.nextDouble() * width;
        int top = (int) Math.max(0, Math.round(y - halfHeight));
        int bottom = (int) Math.min(height, Math.round(y + halfHeight));
        int left = (int) Math.max(0, Math.round(x - halfWidth));
        int right = (int) Math.min(width, Math.round(x + halfWidth));
        for (int channel = 0; channel < channels; channel++) {
            float mean = mean(image, channel);
            for (int row = top; row < bottom; row++) {
                for (int column = left; column < right; column++) {
                    image[at(row, column, channel)] = mean;
                }
            }
        }
    }

    private float mean(float[] image, int channel) {
        double sum = 0;
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                sum += image[at(row, column, channel)];
            }
        }
        return (float) (sum / ((double) height * width));
    }
}
