package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.stream.DoubleStream;

class AccuracyTest {
    private static final Tensor RIGHT = row(0, 0, 0, 0, 0, 0, 9);
    private static final Tensor FIFTH = row(9, 8, 7, 6, 0, 0, 5);
    private static final Tensor SIXTH = row(9, 8, 7, 6, 5, 0, 4);
    private static final int LABEL = 6;

    @Test
    void a_sample_is_right_by_its_first_place_and_near_by_its_first_five() {
        assertThat(Accuracy.of(RIGHT, RIGHT, LABEL)).isEqualTo(new Accuracy(1, 1, 1, 0, 0));
        assertThat(Accuracy.of(RIGHT, FIFTH, LABEL)).isEqualTo(new Accuracy(1, 0, 1, 0, 1));
        assertThat(Accuracy.of(FIFTH, RIGHT, LABEL)).isEqualTo(new Accuracy(1, 1, 1, 1, 0));
        assertThat(Accuracy.of(FIFTH, SIXTH, LABEL)).isEqualTo(new Accuracy(1, 0, 0, 0, 0));
    }

    @Test
    void shares_are_of_the_labelled_samples() {
        Accuracy accuracy = new Accuracy(8, 4, 6, 1, 3);

        assertThat(accuracy.top1Share()).hasValue(0.5);
        assertThat(accuracy.top5Share()).hasValue(0.75);
        assertThat(accuracy.difference()).hasValue(-0.25);
    }

    @Test
    void without_labels_nothing_is_known() {
        assertThat(Accuracy.NOTHING.top1Share()).isEmpty();
        assertThat(Accuracy.NOTHING.top5Share()).isEmpty();
        assertThat(Accuracy.NOTHING.difference()).isEmpty();
        assertThat(Accuracy.NOTHING.standardError()).isEmpty();
        assertThat(new Accuracy(1, 1, 1, 0, 0).standardError()).isEmpty();
    }

    @Test
    void the_standard_error_is_that_of_the_mean_of_the_paired_differences() {
        double[] differences = {1, -1, -1, -1, 0, 0, 0, 0, 0, 0};
        double mean = DoubleStream.of(differences).average().orElseThrow();
        double squares = DoubleStream.of(differences).map(d -> (d - mean) * (d - mean)).sum();
        double expected = Math.sqrt(squares / 9 / 10);

        assertThat(new Accuracy(10, 5, 9, 1, 3).standardError().orElseThrow())
                .isEqualTo(expected, Offset.offset(1e-15));
    }

    @Test
    void merging_adds_every_count() {
        assertThat(new Accuracy(10, 5, 9, 1, 3).merge(new Accuracy(1, 2, 3, 4, 5)))
                .isEqualTo(new Accuracy(11, 7, 12, 5, 8));
        assertThat(new Accuracy(10, 5, 9, 1, 3).merge(Accuracy.NOTHING))
                .isEqualTo(new Accuracy(10, 5, 9, 1, 3));
    }

    private static Tensor row(float... scores) {
        return Tensor.ofFloats(Shape.of(1, scores.length), scores);
    }

    @ParameterizedTest
    @CsvSource({
        // two-sided: twice the binomial tail at one half
        "0, 0, 1",
        "0, 1, 1",
        "0, 5, 0.0625",
        "5, 0, 0.0625",
        "1, 9, 0.021484375",
        "7, 7, 1",
    })
    void theTestOfMcNemarCountsThePairsThatDiffer(long gained, long lost, double expected) {
        assertThat(new Accuracy(400, 300, 350, gained, lost).probabilityOfChance().orElseThrow())
                .isCloseTo(expected, Offset.offset(1e-12));
    }

    @Test
    void theTestOfMcNemarNeedsLabels() {
        assertThat(Accuracy.NOTHING.probabilityOfChance()).isEmpty();
    }
}
