package dev.nibble.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class TaskScoresTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-6);
    private static final float NAN = Float.NaN;

    private static Tensor tensor(Shape shape, float... values) {
        return Tensor.ofFloats(shape, values);
    }

    private static Map<String, Double> measures(TaskScores scores) {
        return scores.measures().stream()
                .collect(Collectors.toMap(TaskMeasure::name, TaskMeasure::value));
    }

    @Test
    void pixels_of_several_channels_are_what_their_greatest_score_says() {
        // three pixels of two channels: classes 0, 1, 1 beside 0, 0, 1
        Tensor one = tensor(Shape.of(1, 2, 1, 3), 9, 0, 0, 1, 1, 1);
        Tensor two = tensor(Shape.of(1, 2, 1, 3), 9, 2, 0, 1, 1, 1);

        Map<String, Double> found = measures(TaskScores.of(Task.SEGMENTATION, one, two));

        assertThat(found.get("pixelAgreement")).isEqualTo(2 / 3.0, CLOSE);
        assertThat(found.get("meanIou")).as("1/2 of both classes").isEqualTo(0.5, CLOSE);
    }

    @Test
    void channels_may_be_last() {
        // a picture of 2×3 with one extent of channels shorter than both
        Tensor one = tensor(Shape.of(1, 3, 4, 2), new float[24]);
        float[] values = new float[24];
        values[1] = 1;
        Tensor two = tensor(Shape.of(1, 3, 4, 2), values);

        assertThat(measures(TaskScores.of(Task.SEGMENTATION, one, two)).get("pixelAgreement"))
                .as("the first pixel alone has another class")
                .isEqualTo(11 / 12.0, CLOSE);
    }

    @Test
    void a_mask_of_probabilities_is_cut_at_a_half() {
        Tensor one = tensor(Shape.of(1, 1, 2, 2), 0.9f, 0.6f, 0.4f, 0);
        Tensor two = tensor(Shape.of(1, 1, 2, 2), 0.8f, 0.4f, 0.6f, 0);

        Map<String, Double> found = measures(TaskScores.of(Task.SEGMENTATION, one, two));

        assertThat(found.get("pixelAgreement")).isEqualTo(0.5, CLOSE);
        assertThat(found.get("meanIou")).as("one of three").isEqualTo(1 / 3.0, CLOSE);
    }

    @Test
    void a_mask_of_scores_is_cut_at_0_and_an_empty_one_agrees() {
        Tensor one = tensor(Shape.of(1, 1, 1, 2), 3, -2);
        Tensor two = tensor(Shape.of(1, 1, 1, 2), 0.2f, -5);
        Tensor none = tensor(Shape.of(1, 1, 1, 2), -1, -2);

        assertThat(measures(TaskScores.of(Task.SEGMENTATION, one, two)).get("meanIou")).isOne();
        assertThat(measures(TaskScores.of(Task.SEGMENTATION, none, none)).get("meanIou")).isOne();
    }

    @Test
    void a_pixel_of_nan_agrees_with_nothing() {
        Tensor broken = tensor(Shape.of(1, 2, 1, 2), NAN, 0, NAN, 1);

        assertThat(measures(TaskScores.of(Task.SEGMENTATION, broken, broken)).get("pixelAgreement"))
                .isEqualTo(0.5, CLOSE);
    }

    @Test
    void steps_are_what_their_greatest_score_says() {
        Tensor one = tensor(Shape.of(1, 4, 2), 1, 0, 1, 0, 0, 1, 0, 1);
        Tensor two = tensor(Shape.of(1, 4, 2), 1, 0, 0, 1, 0, 1, 0, 1);

        assertThat(measures(TaskScores.of(Task.SEQUENCE, one, two)).get("stepAgreement"))
                .isEqualTo(0.75, CLOSE);
    }

    @Test
    void embeddings_point_the_same_way_and_have_the_same_neighbours() {
        float[][] before = {{1, 0}, {1, 0.1f}, {0, 1}, {0.1f, 1}};
        // the third has turned towards the first two
        float[][] after = {{2, 0}, {2, 0.2f}, {3, 0.5f}, {0.1f, 1}};
        TaskScores scores = TaskScores.nothing(Task.EMBEDDING);
        for (int i = 0; i < before.length; i++) {
            scores =
                    scores.merge(
                            TaskScores.of(
                                    Task.EMBEDDING,
                                    tensor(Shape.of(1, 2), before[i]),
                                    tensor(Shape.of(1, 2), after[i])));
        }

        Map<String, Double> found = measures(scores);

        double turned = 0.5 / Math.sqrt(9.25);
        assertThat(found.get("cosine")).isEqualTo((3 + turned) / 4, CLOSE);
        assertThat(found.get("retrievalAgreement"))
                .as("0 and 3 find the same ones; 1 and 2 find each other now")
                .isEqualTo(0.5, CLOSE);
        assertThat(scores.measures().get(1).low()).isPresent();
    }

    @Test
    void quantities_are_measured_by_error_and_by_what_they_explain() {
        TaskScores scores =
                TaskScores.of(
                                Task.REGRESSION,
                                tensor(Shape.of(1, 2), 0, 100),
                                tensor(Shape.of(1, 2), 1, 100))
                        .merge(
                                TaskScores.of(
                                        Task.REGRESSION,
                                        tensor(Shape.of(1, 2), 10, 100),
                                        tensor(Shape.of(1, 2), 10, 103)));

        Map<String, Double> found = measures(scores);

        assertThat(found.get("meanAbsoluteError")).isEqualTo(1, CLOSE);
        assertThat(found.get("maxError")).isEqualTo(3, CLOSE);
        assertThat(found.get("maxErrorOfRange"))
                .as("the first reaches from 0 to 10, the second has no range")
                .isEqualTo(0.1, CLOSE);
        assertThat(found.get("r2")).isEqualTo(1 - 10 / 50.0, CLOSE);
    }

    @Test
    void outputs_of_other_shapes_tell_nothing() {
        Tensor row = tensor(Shape.of(1, 3), 1, 2, 3);
        Tensor many = tensor(Shape.of(65), new float[65]);

        assertThat(TaskScores.of(Task.SEGMENTATION, row, row).samples()).isEmpty();
        assertThat(TaskScores.of(Task.REGRESSION, many, many).measures()).isEmpty();
        assertThat(TaskScores.of(Task.TENSOR, row, row).measures()).isEmpty();
        Tensor longer = tensor(Shape.of(1, 4), 1, 2, 3, 4);
        assertThat(TaskScores.of(Task.EMBEDDING, row, longer).samples()).isEmpty();
    }

    @Test
    void embeddings_of_many_samples_are_not_all_kept() {
        Tensor row = tensor(Shape.of(1, 2), 1, 2);
        TaskScores one = TaskScores.of(Task.EMBEDDING, row, row);
        TaskScores many =
                new TaskScores(
                        Task.EMBEDDING,
                        Collections.nCopies(TaskScores.MOST_EMBEDDINGS, one.samples().getFirst()));

        assertThat(many.merge(one).samples()).hasSize(TaskScores.MOST_EMBEDDINGS);
        assertThat(List.of(one.merge(one).samples().size())).containsExactly(2);
    }
}
