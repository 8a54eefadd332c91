package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.Sample;
import dev.nibble.report.AnswerChanges.Change;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class AnswerChangesTest {
    private static AnswerChanges of(String name, float[] before, float[] after) {
        return AnswerChanges.of(
                new Sample(name, Map.of(), 1),
                Tensor.ofFloats(Shape.of(1, before.length), before),
                Tensor.ofFloats(Shape.of(1, after.length), after));
    }

    @Test
    void aSampleWithAnotherGreatestScoreIsToldWithBothAnswersAndTheRightOne() {
        AnswerChanges same = of("a", new float[] {1, 2, 3}, new float[] {0, 2, 2.5f});
        AnswerChanges other = of("b", new float[] {1, 2, 3}, new float[] {9, 2, 3});
        assertThat(same.merge(other))
                .isEqualTo(new AnswerChanges(2, 1, List.of(new Change("b", 2, 0, 1))));
    }

    @Test
    void whatIsNoRowOfScoresIsNotCompared() {
        assertThat(of("a", new float[] {1}, new float[] {2})).isEqualTo(AnswerChanges.NOTHING);
    }

    @Test
    void ofManyTheFirstAreKeptAndAllAreCounted() {
        AnswerChanges all =
                IntStream.range(0, 100)
                        .mapToObj(i -> of("s" + i, new float[] {1, 0}, new float[] {0, 1}))
                        .reduce(AnswerChanges.NOTHING, AnswerChanges::merge);
        assertThat(all.count()).isEqualTo(100);
        assertThat(all.first()).hasSize(24).first().isEqualTo(new Change("s0", 0, 1, 1));
        assertThat(all.first().getLast().sample()).isEqualTo("s23");
    }
}
