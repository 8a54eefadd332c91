package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.NoSamples;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.report.Evaluation.Entry;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

class EvaluatorTest {
    private static final float NAN = Float.NaN;

    private final Networks networks = new Networks();
    private final Path same = networks.file("float.onnx", "x", "y", scores -> scores);

    @Test
    void the_baseline_agrees_with_itself_without_error() {
        Entry baseline = evaluate(new Rows("x", Rows.FOUR, 0, 1, 2, 2), same).getFirst();

        assertThat(baseline.top1()).hasValue(0.75);
        assertThat(baseline.top5()).hasValue(1);
        assertThat(baseline.agreement()).hasValue(1);
        assertThat(baseline.error().orElseThrow().sqnrDb()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(baseline.score().accuracy().difference()).hasValue(0);
    }

    @Test
    void another_network_is_held_against_labels_and_baseline() {
        Path other = networks.file("int8.onnx", "x", "y", map(v -> v == 8 ? 10 : v));

        Entry entry = evaluate(new Rows("x", Rows.FOUR, 1, 1, 2, 2), same, other).get(1);

        assertThat(entry.file()).isEqualTo(other);
        assertThat(entry.top1()).hasValue(0.75);
        assertThat(entry.agreement()).hasValue(0.75);
        assertThat(entry.score().accuracy()).isEqualTo(new Accuracy(4, 3, 4, 1, 0));
        assertThat(entry.error().orElseThrow().maxError()).isEqualTo(2);
        assertThat(entry.error().orElseThrow().sqnrDb())
                .isEqualTo(10 * Math.log10((4 * 81 + 64) / 4.0), Offset.offset(1e-9));
    }

    @Test
    void without_labels_there_is_agreement_but_no_accuracy() {
        Entry entry = evaluate(new Rows("x", Rows.FOUR), same, same).get(1);

        assertThat(entry.top1()).isEmpty();
        assertThat(entry.top5()).isEmpty();
        assertThat(entry.agreement()).hasValue(1);
    }

    @Test
    void accuracy_counts_the_labelled_samples_only() {
        Entry entry = evaluate(new Rows("x", Rows.FOUR, 0, 2), same).getFirst();

        assertThat(entry.score().accuracy().labelled()).isEqualTo(2);
        assertThat(entry.top1()).hasValue(0.5);
    }

    @Test
    void an_output_that_is_no_row_of_scores_has_an_error_but_no_classes() {
        Path map =
                networks.file(
                        "map.onnx",
                        "x",
                        "y",
                        scores -> Tensor.ofFloats(Shape.of(3, 2), new float[6]));

        Entry entry = evaluate(new Rows("x", Rows.FOUR, 0, 1, 2, 2), map, map).get(1);

        assertThat(entry.top1()).isEmpty();
        assertThat(entry.agreement()).isEmpty();
        assertThat(entry.error().orElseThrow().maxError()).isZero();
        assertThat(entry.score().comparison().samples()).isEqualTo(4);
    }

    @Test
    void outputs_of_whole_numbers_have_no_error() {
        Path classes = networks.file("map.onnx", "x", "y", _ -> Tensor.ofLongs(Shape.of(1), 2));

        assertThat(evaluate(new Rows("x", Rows.FOUR, 0, 1, 2, 2), classes).getFirst().error())
                .isEmpty();
    }

    @Test
    void each_network_is_fed_its_own_view_of_the_samples() {
        Path wide = networks.file("wide.onnx", "pixels", "scores", map(v -> v / 100));
        Samples percent =
                new Rows(
                        "pixels",
                        Rows.FOUR.stream().map(EvaluatorTest::hundredfold).toList(),
                        0,
                        1,
                        2,
                        1);

        Evaluation evaluation =
                networks.evaluator(1, 1)
                        .evaluate(
                                List.of(
                                        new Candidate(same, new Rows("x", Rows.FOUR, 0, 1, 2, 1)),
                                        new Candidate(wide, percent)));

        assertThat(evaluation.models().get(1).error().orElseThrow().maxError()).isZero();
        assertThat(evaluation.models().get(1).top1()).hasValue(1);
        assertThat(networks.inputsWeighed(wide)).containsExactly("pixels");
    }

    @Test
    void networks_with_the_same_view_share_the_loading() {
        Rows once = new Rows("x", Rows.FOUR, 0, 1, 2, 1);
        evaluate(once, same);
        Rows shared = new Rows("x", Rows.FOUR, 0, 1, 2, 1);
        evaluate(shared, same, same, same);
        int moreToWeigh = 2;

        assertThat(shared.loaded.get()).isEqualTo(once.loaded.get() + moreToWeigh);
    }

    @Test
    void scores_do_not_depend_on_threads_and_batch() {
        Random random = new Random(7);
        List<float[]> rows = new ArrayList<>();
        int[] labels = new int[37];
        for (int i = 0; i < labels.length; i++) {
            float scale = (float) Math.pow(10, random.nextInt(8));
            rows.add(
                    new float[] {
                        random.nextFloat() * scale,
                        random.nextFloat() * scale,
                        random.nextFloat() * scale
                    });
            labels[i] = random.nextInt(3);
        }
        Path other = networks.file("int8.onnx", "x", "y", map(v -> v * 1.001f + 3));
        List<Candidate> candidates =
                List.of(
                        new Candidate(same, new Rows("x", rows, labels)),
                        new Candidate(other, new Rows("x", rows, labels)));
        List<Score> expected = scores(networks.evaluator(1, 1).evaluate(candidates));

        assertThat(scores(networks.evaluator(3, 1).evaluate(candidates))).isEqualTo(expected);
        assertThat(scores(networks.evaluator(2, 16).evaluate(candidates))).isEqualTo(expected);
    }

    @Test
    void nan_is_counted_and_never_right() {
        Path broken = networks.file("broken.onnx", "x", "y", map(v -> NAN));

        Entry entry = evaluate(new Rows("x", Rows.FOUR, 0, 1, 2, 2), same, broken).get(1);

        assertThat(entry.score().withNaN()).isEqualTo(4);
        assertThat(entry.top1()).hasValue(0);
        assertThat(entry.top5()).hasValue(0);
        assertThat(entry.agreement()).hasValue(0);
        assertThat(entry.error().orElseThrow().sqnrDb()).isNaN();
    }

    @Test
    void outputs_of_another_shape_are_counted_and_left_out() {
        Path all = networks.file("all.onnx", "x", "y", EvaluatorTest::positive);
        Path fewer =
                networks.file(
                        "fewer.onnx", "x", "y", scores -> positive(map(v -> v - 8).apply(scores)));
        networks.leavesShapesOpen(all);
        networks.leavesShapesOpen(fewer);

        Entry entry = evaluate(new Rows("x", Rows.FOUR), all, fewer).get(1);

        assertThat(entry.score().reshaped()).isEqualTo(1);
        assertThat(entry.score().comparison().samples()).isEqualTo(4);
        assertThat(entry.score().comparison().ranked()).isZero();
        assertThat(entry.error().orElseThrow().maxError()).isEqualTo(8);
        assertThat(entry.score().comparison().total().count()).isEqualTo(3);
    }

    /** The values above 0, as a detector gives the boxes that it found. */
    private static Tensor positive(Tensor values) {
        List<Float> found = new ArrayList<>();
        for (float value : values.floats()) {
            if (value > 0) {
                found.add(value);
            }
        }
        float[] kept = new float[found.size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = found.get(i);
        }
        return Tensor.ofFloats(Shape.of(kept.length), kept);
    }

    @Test
    void a_label_beyond_the_classes_is_an_error() {
        assertThatThrownBy(() -> evaluate(new Rows("x", Rows.FOUR, 0, 1, 3, 2), same))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "row 2 has label 3, but float.onnx has 3 classes (0..2); give the labels of"
                                + " the classes that it was trained on");
    }

    @Test
    void no_samples_are_an_error() {
        assertThatThrownBy(() -> evaluate(NoSamples.INSTANCE, same))
                .isInstanceOf(NibbleException.class)
                .hasMessage("there are no samples to evaluate on (no samples); give at least one");
    }

    @Test
    void views_of_different_length_are_an_error() {
        List<Candidate> uneven =
                List.of(
                        new Candidate(same, new Rows("x", Rows.FOUR)),
                        new Candidate(same, new Rows("x", Rows.FOUR.subList(0, 3))));

        assertThatThrownBy(() -> networks.evaluator(1, 1).evaluate(uneven))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "float.onnx comes with 3 samples, but float.onnx with 4; evaluate all"
                                + " networks on the same ones");
    }

    @Test
    void views_with_different_labels_are_an_error() {
        List<Candidate> mixed =
                List.of(
                        new Candidate(same, new Rows("x", Rows.FOUR, 0, 1)),
                        new Candidate(same, new Rows("x", Rows.FOUR, 0)));

        assertThatThrownBy(() -> networks.evaluator(1, 1).evaluate(mixed))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "sample 1 is row 1 with label 1 for one network and row 1 with label none"
                                + " for another; evaluate all networks on the same samples");
    }

    @Test
    void the_size_is_that_of_all_files_of_a_network(@TempDir Path folder) throws IOException {
        Path data = Files.write(folder.resolve("weights.data"), new byte[1000]);
        Path model = Files.write(folder.resolve("model.onnx"), new byte[24]);
        networks.consistsOf(same, model, data);

        assertThat(evaluate(new Rows("x", Rows.FOUR), same).getFirst().sizeBytes()).isEqualTo(1024);
    }

    @Test
    void memory_is_what_the_engine_tells_or_unknown() {
        Path weighed = networks.file("int8.onnx", "x", "y", scores -> scores);
        networks.takes(weighed, 4096);

        List<Entry> entries = evaluate(new Rows("x", Rows.FOUR), same, weighed);

        assertThat(entries.get(0).knownPeakMemoryBytes()).isEmpty();
        assertThat(entries.get(1).knownPeakMemoryBytes()).hasValue(4096);
    }

    @Test
    void sessions_run_one_thread_where_one_is_timed_and_are_closed() {
        evaluate(new Rows("x", Rows.FOUR), same, same);

        EngineOptions three = new EngineOptions(3, true);
        List<EngineOptions> guessed = List.of(EngineOptions.SINGLE_THREAD);
        List<EngineOptions> scored =
                List.of(EngineOptions.SINGLE_THREAD, EngineOptions.SINGLE_THREAD);
        List<EngineOptions> loaded = List.of(three, three, three, three);
        assertThat(networks.options)
                .containsExactlyElementsOf(
                        Stream.of(guessed, scored, loaded, scored, List.of(three, three))
                                .flatMap(List::stream)
                                .toList());
        assertThat(networks.openSessions).hasValue(0);
    }

    @Test
    void a_failure_closes_every_session_and_comes_out_as_it_is() {
        Path failing =
                networks.file(
                        "bad.onnx",
                        List.of("y"),
                        _ -> {
                            throw new NibbleException("input x is missing");
                        });

        assertThatThrownBy(() -> evaluate(new Rows("x", Rows.FOUR), same, failing))
                .hasMessage("input x is missing");
        assertThat(networks.openSessions).hasValue(0);
    }

    @Test
    void latency_comes_from_the_given_clock() {
        List<Entry> entries = evaluate(new Rows("x", Rows.FOUR), same, same);

        assertThat(entries.get(0).latency().medianMs()).isEqualTo(1);
        assertThat(entries.get(1).latency().p95Ms()).isEqualTo(1);
        assertThat(entries.get(1).speed().allThreads().medianMs()).isEqualTo(1);
        assertThat(entries.get(1).speed().loadMs()).isEqualTo(1);
        assertThat(entries.get(1).speed().threads()).isEqualTo(3);
        assertThat(entries.get(1).speed().throughput().samplesPerSecond()).isPositive();
    }

    private List<Entry> evaluate(Samples samples, Path... files) {
        List<Candidate> candidates = new ArrayList<>();
        for (Path file : files) {
            candidates.add(new Candidate(file, samples));
        }
        return networks.evaluator(1, 1).evaluate(candidates).models();
    }

    private static List<Score> scores(Evaluation evaluation) {
        return evaluation.models().stream().map(Entry::score).toList();
    }

    private static UnaryOperator<Tensor> map(FloatFunction function) {
        return tensor -> {
            float[] values = tensor.floats();
            for (int i = 0; i < values.length; i++) {
                values[i] = function.apply(values[i]);
            }
            return Tensor.ofFloats(tensor.shape(), values);
        };
    }

    private static float[] hundredfold(float[] row) {
        float[] scaled = row.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= 100;
        }
        return scaled;
    }

    private interface FloatFunction {
        float apply(float value);
    }
}
