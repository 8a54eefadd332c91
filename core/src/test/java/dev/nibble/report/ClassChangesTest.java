package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.Sample;
import dev.nibble.report.ClassChanges.Row;
import dev.nibble.report.ClassChanges.TurnRow;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Map;

class ClassChangesTest {
    private static Tensor answer(int top) {
        float[] scores = new float[4];
        scores[top] = 1;
        return Tensor.ofFloats(Shape.of(1, 4), scores);
    }

    private static ClassChanges sample(int label, int before, int after) {
        return ClassChanges.of(new Sample("s", Map.of(), label), answer(before), answer(after));
    }

    @Test
    void each_class_counts_its_own_samples() {
        ClassChanges changes =
                sample(2, 2, 2)
                        .merge(sample(2, 2, 3))
                        .merge(sample(2, 1, 2))
                        .merge(sample(0, 0, 0));

        assertThat(changes.rows())
                .containsExactly(
                        new Row(0, new Accuracy(1, 1, 1, 0, 0)),
                        new Row(2, new Accuracy(3, 2, 3, 1, 1)));
    }

    @Test
    void turns_are_counted_the_most_frequent_first() {
        ClassChanges changes =
                sample(2, 2, 3)
                        .merge(sample(2, 3, 2))
                        .merge(sample(2, 2, 3))
                        .merge(sample(Sample.UNLABELLED, 2, 3))
                        .merge(sample(1, 0, 3))
                        .merge(sample(1, 1, 1));

        assertThat(changes.mostFrequentTurns(10))
                .containsExactly(
                        new TurnRow(2, 3, 3, 2, 0),
                        new TurnRow(0, 3, 1, 0, 0),
                        new TurnRow(3, 2, 1, 0, 1));
        assertThat(changes.mostFrequentTurns(1)).hasSize(1);
    }

    @Test
    void samples_without_a_row_of_scores_count_for_nothing() {
        Tensor map = Tensor.ofFloats(Shape.of(2, 2), new float[4]);

        assertThat(ClassChanges.of(new Sample("s", Map.of(), 0), map, map))
                .isEqualTo(ClassChanges.NOTHING);
    }
}
