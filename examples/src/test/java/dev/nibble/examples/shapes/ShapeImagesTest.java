package dev.nibble.examples.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

class ShapeImagesTest {
    private static final ShapeImages IMAGES = ShapeImages.ofSeed(1);

    @Test
    void theSameSeedDrawsTheSamePixels() {
        for (int index = 0; index < 20; index++) {
            assertThat(pixels(ShapeImages.ofSeed(1), index)).isEqualTo(pixels(IMAGES, index));
        }
    }

    @Test
    void everyPictureAndEverySeedIsDifferent() {
        Set<Integer> seen = new HashSet<>();
        for (int index = 0; index < 200; index++) {
            seen.add(Arrays.hashCode(pixels(IMAGES, index)));
            seen.add(Arrays.hashCode(pixels(ShapeImages.ofSeed(2), index)));
        }
        assertThat(seen).hasSize(400);
    }

    /** Guards the shipped pictures: they are only right as long as this drawing does not change. */
    @Test
    void drawsWhatItHasAlwaysDrawn() {
        int[] hashes = new int[100];
        for (int index = 0; index < hashes.length; index++) {
            hashes[index] = Arrays.hashCode(pixels(IMAGES, index));
        }
        assertThat(Arrays.hashCode(hashes)).isEqualTo(321_483_569);
    }

    @Test
    void classesTakeTurns() {
        int[] pictures = new int[Glyph.values().length];
        for (int index = 0; index < 50; index++) {
            pictures[IMAGES.label(index)]++;
        }
        assertThat(pictures).containsOnly(5);
    }

    @ParameterizedTest
    @EnumSource
    void everyGlyphIsSeenOnAPlainGround(Glyph glyph) {
        ShapeImages plain = IMAGES.with(Difficulty.EASY);
        for (int index = 0; index < 200; index++) {
            if (plain.glyph(index) != glyph) {
                continue;
            }
            int edges = 0;
            int[] pixels = pixels(plain, index);
            for (int i = 1; i < pixels.length; i++) {
                boolean sameRow = i % plain.size() != 0;
                edges += sameRow && distance(pixels[i - 1], pixels[i]) > 60 ? 1 : 0;
            }
            assertThat(edges).as("sharp edges in picture %d", index).isGreaterThan(10);
        }
    }

    @Test
    void harderPicturesAreNoisier() {
        assertThat(roughness(IMAGES)).isGreaterThan(1.5 * roughness(IMAGES.with(Difficulty.EASY)));
    }

    private static double roughness(ShapeImages images) {
        double sum = 0;
        for (int index = 0; index < 100; index++) {
            int[] pixels = pixels(images, index);
            for (int i = 1; i < pixels.length; i++) {
                sum += Math.min(30, distance(pixels[i - 1], pixels[i]));
            }
        }
        return sum;
    }

    private static int distance(int left, int right) {
        int distance = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            distance += Math.abs((left >> shift & 0xFF) - (right >> shift & 0xFF));
        }
        return distance;
    }

    private static int[] pixels(ShapeImages images, int index) {
        BufferedImage image = images.image(index);
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
