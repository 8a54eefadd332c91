package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.report.Evaluation.Entry;
import dev.nibble.task.Task;
import dev.nibble.task.TaskMeasure;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What evaluation says of the answers of networks, by what they are for. */
class EvaluatorAnswersTest {
    private final Networks networks = new Networks();
    private final Path same = networks.file("float.onnx", "x", "y", scores -> scores);

    @Test
    void what_networks_are_for_is_guessed_or_told() {
        Path map =
                networks.file(
                        "map.onnx",
                        "x",
                        "y",
                        x -> Tensor.ofFloats(Shape.of(1, 3, 1, 1), x.floats()));
        List<Candidate> pair =
                List.of(
                        new Candidate(map, new Rows("x", Rows.FOUR)),
                        new Candidate(map, new Rows("x", Rows.FOUR)));

        Evaluation guessed = networks.evaluator(1, 1).evaluate(pair);
        Evaluation told =
                networks.evaluator(1, 1).answering(Optional.of(Task.SEGMENTATION)).evaluate(pair);

        assertThat(guessed.task().task()).isEqualTo(Task.CLASSIFICATION);
        assertThat(guessed.models().get(1).answers().measures()).isEmpty();
        assertThat(told.task().why()).isEqualTo("as given");
        assertThat(told.models().get(1).answers().measures())
                .extracting(TaskMeasure::name)
                .containsExactly("pixelAgreement", "meanIou");
    }

    @Test
    void a_task_that_the_output_cannot_be_for_is_an_error() {
        List<Candidate> one = List.of(new Candidate(same, new Rows("x", Rows.FOUR)));

        assertThatThrownBy(() ->
                        networks.evaluator(1, 1)
                                .answering(Optional.of(Task.SEGMENTATION))
                                .evaluate(one))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("cannot be for segmentation")
                .hasMessageContaining("leave the task to be guessed or take tensor");
    }

    @Test
    void classes_are_counted_one_by_one() {
        Path other =
                networks.file(
                        "int8.onnx",
                        "x",
                        "y",
                        x -> {
                            float[] values = x.floats();
                            for (int i = 0; i < values.length; i++) {
                                values[i] = values[i] == 8 ? 10 : values[i];
                            }
                            return Tensor.ofFloats(x.shape(), values);
                        });

        Rows rows = new Rows("x", Rows.FOUR, 0, 1, 2, 2);
        Entry entry =
                networks.evaluator(1, 1)
                        .evaluate(List.of(new Candidate(same, rows), new Candidate(other, rows)))
                        .models()
                        .get(1);

        assertThat(entry.answers().classes().rows().get(2).accuracy())
                .isEqualTo(new Accuracy(2, 2, 2, 1, 0));
        assertThat(entry.answers().classes().mostFrequentTurns(5))
                .containsExactly(new ClassChanges.TurnRow(1, 2, 1, 0, 1));
    }
}
