package dev.nibble.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

class AugmentationTest {
    private static final Augmentation FLIP = new Augmentation(true, 0, 0, 0, 0);

    @Test
    void halfOfTheImagesAreMirrored() {
        Tensor row = Tensor.ofFloats(Shape.of(1, 1, 1, 3), 1, 2, 3);
        Set<Float> first = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            first.add(FLIP.apply(row, new SplittableRandom(seed)).floats()[0]);
        }
        assertThat(first).containsExactlyInAnyOrder(1f, 3f);
    }

    @Test
    void channelsInTheLastPlaceStayTogether() {
        float[] rows = new float[30];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = 1 + i % 6;
        }
        Tensor row = Tensor.ofFloats(Shape.of(1, 5, 2, 3), rows);
        Set<Float> second = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            second.add(FLIP.apply(row, new SplittableRandom(seed)).floats()[1]);
        }
        assertThat(second).containsExactlyInAnyOrder(2f, 5f);
    }

    @Test
    void whatIsShiftedInIsMirrored() {
        Augmentation shift = new Augmentation(false, 0.34, 0, 0, 0);
        Tensor row = Tensor.ofFloats(Shape.of(1, 1, 1, 3), 1, 2, 3);
        Set<String> rows = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            float[] made = shift.apply(row, new SplittableRandom(seed)).floats();
            rows.add((int) made[0] + " " + (int) made[1] + " " + (int) made[2]);
        }
        assertThat(rows).containsExactlyInAnyOrder("1 2 3", "2 1 2", "2 3 2");
    }

    @Test
    void zoomStaysInsideOfTheImage() {
        Augmentation zoom = new Augmentation(false, 0, 1, 0, 0);
        float[] ramp = new float[64];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = i % 8;
        }
        Tensor image = Tensor.ofFloats(Shape.of(1, 1, 8, 8), ramp);
        for (int seed = 0; seed < 20; seed++) {
            float[] made = zoom.apply(image, new SplittableRandom(seed)).floats();
            assertThat(made).isNotEqualTo(ramp);
            for (int i = 1; i < 8; i++) {
                assertThat(made[i] - made[i - 1]).isBetween(0f, 1.01f);
            }
        }
    }

    @Test
    void aSquareIsBlankedWithTheMean() {
        Augmentation cutout = new Augmentation(false, 0, 0, 0, 0.5);
        float[] chess = new float[64];
        for (int i = 0; i < chess.length; i++) {
            chess[i] = (i + i / 8) % 2;
        }
        Tensor image = Tensor.ofFloats(Shape.of(1, 1, 8, 8), chess);
        int blanked = 0;
        for (float value : cutout.apply(image, new SplittableRandom(3)).floats()) {
            blanked += value == 0.5f ? 1 : 0;
        }
        assertThat(blanked).isBetween(4, 16);
    }

    @Test
    void theSameNumbersGiveTheSameImage() {
        Augmentation all = new Augmentation(true, 0.2, 0.2, 0.2, 0.2);
        Tensor image = Tensor.ofFloats(Shape.of(1, 3, 4, 4), new float[48]);
        assertThat(all.apply(image, new SplittableRandom(5)))
                .isEqualTo(all.apply(image, new SplittableRandom(5)));
    }

    @Test
    void whatIsNoImageIsLeftAlone() {
        Tensor tokens = Tensor.ofFloats(Shape.of(1, 7), new float[7]);
        assertThat(FLIP.apply(tokens, new SplittableRandom(0))).isSameAs(tokens);
    }

    @Test
    void aShareOutsideOfItsRangeIsRefused() {
        assertThatThrownBy(() -> new Augmentation(false, 1.5, 0, 0, 0))
                .hasMessage("shift is 1.5; it must be in 0..1");
    }
}
