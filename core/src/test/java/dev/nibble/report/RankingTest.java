package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

class RankingTest {
    private static final float NAN = Float.NaN;

    @Test
    void the_first_of_equal_scores_is_on_top() {
        assertThat(Ranking.top(row(1, 3, 3))).isEqualTo(1);
        assertThat(Ranking.rank(row(1, 3, 3), 1)).isEqualTo(0);
        assertThat(Ranking.rank(row(1, 3, 3), 2)).isEqualTo(1);
        assertThat(Ranking.rank(row(1, 3, 3), 0)).isEqualTo(2);
    }

    @Test
    void nan_is_never_on_top_of_a_number() {
        assertThat(Ranking.top(row(NAN, Float.NEGATIVE_INFINITY, NAN))).isEqualTo(1);
        assertThat(Ranking.rank(row(NAN, -1, NAN), 1)).isEqualTo(0);
    }

    @Test
    void a_class_whose_score_is_nan_has_no_place_even_among_few() {
        assertThat(Ranking.rank(row(1, NAN), 1)).isEqualTo(Ranking.NO_RANK);
        assertThat(Ranking.top(row(NAN, NAN))).isEqualTo(Ranking.NO_CLASS);
    }

    @Test
    void a_row_of_scores_has_one_extent_that_is_not_1() {
        assertThat(Ranking.applies(zeros(1, 10))).isTrue();
        assertThat(Ranking.applies(zeros(1, 10, 1, 1))).isTrue();
        assertThat(Ranking.applies(zeros(10))).isTrue();
        assertThat(Ranking.applies(zeros(2, 5))).isFalse();
        assertThat(Ranking.applies(zeros(1, 1))).isFalse();
        assertThat(Ranking.applies(Tensor.ofLongs(Shape.of(2), 1, 2))).isFalse();
    }

    private static Tensor row(float... scores) {
        return Tensor.ofFloats(Shape.of(1, scores.length), scores);
    }

    private static Tensor zeros(long... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.ofFloats(shape, new float[(int) shape.elements()]);
    }
}
