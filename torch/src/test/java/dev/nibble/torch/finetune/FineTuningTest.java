package dev.nibble.torch.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.number.Encoding;
import dev.nibble.number.Quantizer;
import dev.nibble.pass.Draft;
import dev.nibble.tensor.Tensor;
import dev.nibble.train.EpochResult;
import dev.nibble.train.NetworkTrainer.Outcome;
import dev.nibble.train.NetworkTrainer.Task;
import dev.nibble.train.Optimization;
import dev.nibble.train.Regularization;
import dev.nibble.train.Teaching;
import dev.nibble.train.TrainingListener;
import dev.nibble.train.TrainingSettings;
import dev.nibble.train.TrainingSettings.Normalization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

class FineTuningTest {
    private static final TrainingSettings SETTINGS =
            TrainingSettings.DEFAULT
                    .epochs(4)
                    .batch(16, 1)
                    .with(Optimization.DEFAULT.learningRate(0.05))
                    .with(Normalization.BATCH)
                    .threads(1);

    @TempDir private Path folder;

    @Test
    void codesLearnToTellStripesApart() {
        Outcome outcome =
                train(
                        task(
                                Stripes.coded(Stripes.network(1)),
                                Optional.empty(),
                                SETTINGS.epochs(8)));

        assertThat(outcome.epochs()).hasSize(8);
        assertThat(outcome.start().epoch()).isZero();
        assertThat(outcome.start().heldOutLoss())
                .isGreaterThan(outcome.epochs().getLast().heldOutLoss());
        assertThat(outcome.epochs().getLast().loss())
                .isLessThan(outcome.epochs().getFirst().loss() / 2);
        assertThat(accuracy(outcome)).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 3, 2})
    void whatComesBackLiesOnItsGrid(int bits) {
        Draft begin = Stripes.coded(Stripes.network(1), bits);
        Draft draft = train(task(begin, Optional.empty(), SETTINGS)).draft();

        Encoding encoding = draft.plan().encoding("filter").orElseThrow();
        Tensor filter = draft.fittedConstant("filter");
        assertThat(Quantizer.fakeQuantize(filter, encoding)).isEqualTo(filter);
        assertThat(filter)
                .isNotEqualTo(Stripes.network(1).graph().constant("filter").orElseThrow());
        assertThat(encoding.format().bits()).isEqualTo(bits);
        for (String value : List.of("filter", "r")) {
            assertThat(draft.plan().encoding(value)).isNotEqualTo(begin.plan().encoding(value));
        }
    }

    @Test
    void fixedRangesStayWhatTheyWere() {
        TrainingSettings fixed =
                SETTINGS.with(TrainingSettings.Ranges.FIXED).with(Normalization.FOLDED);
        Draft draft =
                train(task(Stripes.coded(Stripes.network(1)), Optional.empty(), fixed)).draft();

        assertThat(draft.plan().encoding("filter")).contains(Stripes.encoding("filter"));
        assertThat(draft.plan().encoding("r")).contains(Stripes.encoding("r"));
    }

    @Test
    void clippingMovesTheEndOfARange() {
        TrainingSettings clipping = SETTINGS.with(TrainingSettings.Ranges.CLIPPING);
        Draft draft =
                train(task(Stripes.coded(Stripes.network(1)), Optional.empty(), clipping)).draft();

        assertThat(draft.plan().encoding("r").orElseThrow().scale(0))
                .isNotEqualTo(Stripes.encoding("r").scale(0));
    }

    @Test
    void aFloatNetworkLearnsToo() {
        Outcome outcome =
                train(task(Draft.of(Stripes.network(1)), Optional.empty(), SETTINGS.epochs(8)));

        assertThat(outcome.draft().plan().values()).isEmpty();
        assertThat(accuracy(outcome)).isGreaterThan(0.9);
        assertThat(outcome.draft().model().graph().constant("filter"))
                .isNotEqualTo(Stripes.network(1).graph().constant("filter"));
    }

    @Test
    void aTeacherAloneIsEnough() {
        Model teacher =
                train(task(Draft.of(Stripes.network(1)), Optional.empty(), SETTINGS.epochs(8)))
                        .draft()
                        .model();
        TrainingSettings taught = SETTINGS.with(Teaching.DEFAULT.withoutLabels()).epochs(20);
        Outcome outcome =
                train(task(Stripes.coded(Stripes.network(1)), Optional.of(teacher), taught));

        assertThat(outcome.epochs().getFirst().agreement().orElseThrow()).isLessThan(0.7);
        assertThat(outcome.epochs().getLast().agreement().orElseThrow()).isGreaterThan(0.75);
    }

    @Test
    void featuresOfTheTeacherCount() {
        TrainingSettings both = SETTINGS.with(new Teaching(0, 1, 2, 1));
        Outcome with =
                train(
                        task(
                                Stripes.coded(Stripes.network(1)),
                                Optional.of(Stripes.network(2)),
                                both));
        Outcome without =
                train(
                        task(
                                Stripes.coded(Stripes.network(1)),
                                Optional.of(Stripes.network(2)),
                                SETTINGS.with(new Teaching(0, 1, 2, 0))));

        assertThat(with.epochs().getFirst().loss())
                .isGreaterThan(without.epochs().getFirst().loss());
    }

    @Test
    void twoRunsGiveTheSameNumbers() {
        Task task = task(Stripes.coded(Stripes.network(1)), Optional.empty(), SETTINGS);

        assertSame(train(task), train(task));
    }

    @Test
    void gradientsAreSummedOverBatches() {
        TrainingSettings once = SETTINGS.batch(32, 1).with(Normalization.FOLDED).epochs(1);
        TrainingSettings twice = SETTINGS.batch(16, 2).with(Normalization.FOLDED).epochs(1);
        Outcome one = train(task(Stripes.coded(Stripes.network(1)), Optional.empty(), once));
        Outcome two = train(task(Stripes.coded(Stripes.network(1)), Optional.empty(), twice));

        assertThat(two.epochs().getFirst().loss())
                .isCloseTo(one.epochs().getFirst().loss(), within(1e-3));
    }

    @Test
    void whatWasInterruptedGoesOnToTheSameResult() {
        Regularization all = new Regularization(0.1, 0.05, 0.01);
        Path file = folder.resolve("checkpoint");
        Task whole = task(Stripes.coded(Stripes.network(1)), Optional.empty(), SETTINGS.with(all));
        Task kept =
                new Task(
                        whole.draft(),
                        whole.samples(),
                        whole.validation(),
                        whole.teacher(),
                        whole.settings(),
                        Optional.of(file));
        TrainingListener stopping =
                new TrainingListener() {
                    @Override
                    public void stepDone(long step, long steps, double loss) {
                        if (step == 11) {
                            throw new CancellationException("enough");
                        }
                    }
                };
        assertThatThrownBy(() -> new TorchNetworkTrainer().train(kept, stopping))
                .isInstanceOf(CancellationException.class);
        assertThat(file).exists();

        List<Long> resumed = new ArrayList<>();
        TrainingListener listening =
                new TrainingListener() {
                    @Override
                    public void resumed(long steps) {
                        resumed.add(steps);
                    }
                };
        Outcome outcome = new TorchNetworkTrainer().train(kept, listening);

        assertThat(resumed).hasSize(1);
        assertThat(resumed.getFirst()).isPositive();
        assertSame(outcome, train(whole));
    }

    @Test
    void aCheckpointOfAnotherTrainingIsRefused() throws Exception {
        Path file = folder.resolve("checkpoint");
        Task one = task(Stripes.coded(Stripes.network(1)), Optional.empty(), SETTINGS.epochs(1));
        Task kept =
                new Task(
                        one.draft(),
                        one.samples(),
                        one.validation(),
                        one.teacher(),
                        one.settings(),
                        Optional.of(file));
        new TorchNetworkTrainer().train(kept, TrainingListener.NONE);
        Task other =
                new Task(
                        kept.draft(),
                        kept.samples(),
                        kept.validation(),
                        kept.teacher(),
                        SETTINGS.epochs(2),
                        Optional.of(file));

        assertThatThrownBy(() -> new TorchNetworkTrainer().train(other, TrainingListener.NONE))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("is of another training");
        Files.writeString(file, "no archive");
        assertThatThrownBy(() -> new TorchNetworkTrainer().train(kept, TrainingListener.NONE))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("is no checkpoint that can be read");
    }

    @Test
    void trainingEndsWhereNothingGetsBetter() {
        TrainingSettings still =
                SETTINGS.with(Optimization.DEFAULT.learningRate(1e-12).rangeRate(0))
                        .with(Normalization.FOLDED)
                        .epochs(9)
                        .patience(2);
        Outcome outcome = train(task(Stripes.coded(Stripes.network(1)), Optional.empty(), still));

        assertThat(outcome.epochs()).hasSize(2);
        assertThat(outcome.best()).isZero();
    }

    @Test
    void withoutLabelsOrTeacherThereIsNothingToLearn() {
        Task task =
                task(
                        Stripes.coded(Stripes.network(1)),
                        Optional.empty(),
                        SETTINGS.with(Teaching.DEFAULT.withoutLabels()));
        assertThatThrownBy(() -> train(task))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("nothing to learn from");
    }

    @Test
    void aLossThatIsNoNumberIsAnError() {
        TrainingSettings wild =
                SETTINGS.with(Optimization.DEFAULT.learningRate(1e5)).with(Normalization.FOLDED);
        Task task = task(Draft.of(Stripes.network(1)), Optional.empty(), wild);
        assertThatThrownBy(() -> train(task))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("lower the learning rate");
    }

    private static void assertSame(Outcome first, Outcome second) {
        assertThat(first.draft().fitted()).isEqualTo(second.draft().fitted());
        assertThat(first.draft().plan()).isEqualTo(second.draft().plan());
        assertThat(first.best()).isEqualTo(second.best());
        assertThat(first.epochs().stream().map(EpochResult::loss).toList())
                .isEqualTo(second.epochs().stream().map(EpochResult::loss).toList());
    }

    private static double accuracy(Outcome outcome) {
        return outcome.epochs().getLast().accuracy().orElseThrow();
    }

    private static Outcome train(Task task) {
        return new TorchNetworkTrainer().train(task, TrainingListener.NONE);
    }

    private static Task task(Draft draft, Optional<Model> teacher, TrainingSettings settings) {
        return new Task(
                draft,
                new Stripes(96, 0),
                new Stripes(40, 1000),
                teacher,
                settings,
                Optional.empty());
    }
}
