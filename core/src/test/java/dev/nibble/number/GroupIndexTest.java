package dev.nibble.number;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

class GroupIndexTest {
    @Test
    void allElementsShareOneScale() {
        assertThat(GroupIndex.of(Shape.of(2, 2), Granularity.perTensor()))
                .containsExactly(0, 0, 0, 0);
    }

    @Test
    void eachIndexAlongAnAxisHasItsOwn() {
        assertThat(GroupIndex.of(Shape.of(2, 3), new PerAxis(0))).containsExactly(0, 0, 0, 1, 1, 1);
        assertThat(GroupIndex.of(Shape.of(2, 3), new PerAxis(1))).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void blocksAreCutAlongOneAxisForEachIndexOfTheOthers() {
        assertThat(GroupIndex.of(Shape.of(2, 3), new PerBlock(1, 2)))
                .containsExactly(0, 0, 1, 2, 2, 3);
        assertThat(GroupIndex.of(Shape.of(3, 2), new PerBlock(0, 2)))
                .containsExactly(0, 1, 0, 1, 2, 3);
    }
}
