package dev.nibble.examples;

import dev.nibble.examples.shapes.Difficulty;
import dev.nibble.examples.shapes.ShapeImages;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;
import dev.nibble.torch.train.Batch;
import dev.nibble.torch.train.Batches;

import java.awt.image.BufferedImage;

/**
 * Training pictures drawn while the network learns, so that none is seen twice.
 *
 * <p>They start easy and reach the full difficulty after a share of the steps: networks this small
 * otherwise spend their first hundreds of steps at chance.
 *
 * @param images where the pictures come from
 * @param batchSize pictures per step
 * @param easySteps steps until the full difficulty
 */
public record ShapeBatches(ShapeImages images, int batchSize, int easySteps) implements Batches {
    @Override
    public Batch at(int step) {
        double share = Math.min(1.0, (double) step / easySteps);
        Difficulty difficulty = Difficulty.EASY.towards(images.difficulty(), share);
        return batch(images.with(difficulty), (long) step * batchSize, batchSize);
    }

    /**
     * The pictures {@code first} to {@code first + count} (exclusive) as preprocessing {@code tf}
     * makes them: x/127.5 − 1.
     */
    public static Batch batch(ShapeImages images, long first, int count) {
        int pixels = images.size() * images.size();
        float[] values = new float[count * 3 * pixels];
        long[] labels = new long[count];
        for (int i = 0; i < count; i++) {
            labels[i] = images.label(first + i);
            copy(images.image(first + i), values, i * 3 * pixels);
        }
        return new Batch(
                Tensor.ofFloats(Shape.of(count, 3, images.size(), images.size()), values),
                Tensor.ofLongs(Shape.of(count), labels));
    }

    private static void copy(BufferedImage image, float[] values, int start) {
        int size = image.getWidth();
        int[] packed = image.getRGB(0, 0, size, size, null, 0, size);
        for (int i = 0; i < packed.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                int value = packed[i] >> (16 - 8 * channel) & 0xFF;
                values[start + channel * packed.length + i] = value / 127.5f - 1;
            }
        }
    }
}
