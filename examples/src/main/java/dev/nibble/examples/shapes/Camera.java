package dev.nibble.examples.shapes;

import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** What a cheap camera does to a scene: blur, noise, few bits. */
final class Camera {
    /** Steps between the values a channel can take: 5 bits, so that noise packs well as PNG. */
    private static final int STEP = 8;

    private final double sigma;
    private final double noise;
    private final RandomGenerator random;

    Camera(double sigma, double noise, RandomGenerator random) {
        this.sigma = sigma;
        this.noise = noise;
        this.random = random;
    }

    void shoot(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        int[] out = new int[pixels.length];
        for (int shift = 0; shift <= 16; shift += 8) {
            double[] channel = new double[pixels.length];
            for (int i = 0; i < pixels.length; i++) {
                channel[i] = pixels[i] >> shift & 0xFF;
            }
            double[] blurred =
                    blur(blur(channel, width, height, 1, width), height, width, width, 1);
            for (int i = 0; i < pixels.length; i++) {
                out[i] |= expose(blurred[i]) << shift;
            }
        }
        image.setRGB(0, 0, width, height, out, 0, width);
    }

    /** Noise of unit variance times {@code noise}, then 5 bits spread over 0..255. */
    private int expose(double value) {
        double uniforms =
                random.nextDouble()
                        + random.nextDouble()
                        + random.nextDouble()
                        + random.nextDouble();
        double noisy = value + noise * (uniforms - 2) * StrictMath.sqrt(3);
        int level = Math.clamp((int) Math.floor(noisy / STEP), 0, 255 / STEP);
        return level << 3 | level >> 2;
    }

    /** Three-tap smoothing along lines of {@code length} samples {@code stride} apart. */
    private double[] blur(double[] values, int length, int lines, int stride, int lineStride) {
        double side = sigma * sigma / 2;
        double share = side / (1 + 2 * side);
        double[] result = new double[values.length];
        for (int line = 0; line < lines; line++) {
            int start = line * lineStride;
            for (int i = 0; i < length; i++) {
                double before = values[start + Math.max(i - 1, 0) * stride];
                double after = values[start + Math.min(i + 1, length - 1) * stride];
                double here = values[start + i * stride];
                result[start + i * stride] = here + share * (before - 2 * here + after);
            }
        }
        return result;
    }
}
