package dev.nibble.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

class TrainerTest {
    private static final int SAMPLES = 32;

    @Test
    void learnsToTellInsideFromOutside() {
        Model trained = trainer(200).train(untrained(), TrainerTest::points);

        assertThat(accuracy(untrained())).isLessThan(0.8);
        assertThat(accuracy(trained)).isGreaterThan(0.95);
    }

    @Test
    void tellsTheLossOfEveryStep() {
        List<Double> losses = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        TrainingListener listener =
                (step, loss) -> {
                    steps.add(step);
                    losses.add(loss);
                };
        new Trainer(settings(100, 0.05), listener).train(untrained(), TrainerTest::points);

        assertThat(steps).hasSize(100).startsWith(0, 1).endsWith(99);
        assertThat(losses.getLast()).isLessThan(losses.getFirst() / 2);
    }

    @Test
    void theSameSettingsGiveTheSameWeights() {
        Model once = trainer(20).train(untrained(), TrainerTest::points);
        Model twice = trainer(20).train(untrained(), TrainerTest::points);

        assertThat(once.graph().constants()).isEqualTo(twice.graph().constants());
        assertThat(once.graph().constants()).isNotEqualTo(untrained().graph().constants());
    }

    @Test
    void runningStatisticsFollowTheBatches() {
        Tensor ones = Tensor.ofFloats(Shape.of(1), 1);
        Tensor zeros = Tensor.ofFloats(Shape.of(1), 0);
        Model model =
                Models.of(
                        Map.of("scale", ones, "bias", zeros, "mean", zeros, "variance", ones),
                        Node.of(
                                        "norm",
                                        "BatchNormalization",
                                        List.of("x", "scale", "bias", "mean", "variance"),
                                        List.of("normal"))
                                .with("momentum", new FloatValue(0.75f)),
                        Models.node("Flatten", "normal"));
        Batch batch =
                new Batch(
                        Tensor.ofFloats(Shape.of(2, 1, 1, 2), 3, 5, 3, 5),
                        Tensor.ofLongs(Shape.of(2), 0, 1));
        Model trained = trainer(1).train(model, _ -> batch);

        // mean 4 and, of 4 values, unbiased variance 4/3, each with weight 1 − 0.75
        assertThat(weight(trained, "mean")).containsExactly(1);
        assertThat(weight(trained, "variance")).containsExactly(0.75f + 0.25f * 4 / 3);
    }

    @Test
    void everyParameterDecays() {
        Model model =
                Models.of(
                        Map.of(
                                "w", Tensor.ofFloats(Shape.of(2, 1), 1, 1),
                                "b", Tensor.ofFloats(Shape.of(2), 1, 1)),
                        Models.node("Gemm", "x", "w", "b").with("transB", new IntValue(1)));
        // equal logits and one sample of each class: nothing but the decay moves the parameters
        Batch balanced =
                new Batch(Tensor.ofFloats(Shape.of(2, 1), 1, 1), Tensor.ofLongs(Shape.of(2), 0, 1));
        TrainingSettings settings = new TrainingSettings(1, 0.2, 0.5, 1);
        Model trained = new Trainer(settings, (_, _) -> {}).train(model, _ -> balanced);

        // the first step of Nesterov's momentum counts the gradient 1 + 0.9 times
        float kept = (float) (1 - 1.9 * 0.5 * settings.learningRate(0));
        assertThat(weight(trained, "w")).containsExactly(kept, kept);
        assertThat(weight(trained, "b")).containsExactly(kept, kept);
    }

    @Test
    void aLossThatIsNoNumberIsAnError() {
        Batch broken =
                new Batch(
                        Tensor.ofFloats(Shape.of(1, 2), Float.NaN, 0),
                        Tensor.ofLongs(Shape.of(1), 0));

        assertThatThrownBy(() -> trainer(1).train(untrained(), _ -> broken))
                .isInstanceOf(NibbleException.class)
                .hasMessage("the loss is NaN at step 0; lower the peak learning rate, 0.05");
    }

    @Test
    void aListenerCanCancel() {
        TrainingListener listener =
                (step, _) -> {
                    if (step == 2) {
                        throw new CancellationException("enough");
                    }
                };

        assertThatThrownBy(() ->
                        new Trainer(settings(100, 0.05), listener)
                                .train(untrained(), TrainerTest::points))
                .isInstanceOf(CancellationException.class);
    }

    private static float[] weight(Model model, String name) {
        return model.graph().constant(name).orElseThrow().floats();
    }

    private static Trainer trainer(int steps) {
        return new Trainer(settings(steps, 0.05), (_, _) -> {});
    }

    private static TrainingSettings settings(int steps, double peakLearningRate) {
        return new TrainingSettings(steps, peakLearningRate, 0, 1);
    }

    /** Two layers, enough for classes that no line separates: inside and outside of a circle. */
    private static Model untrained() {
        SplittableRandom random = new SplittableRandom(1);
        return Models.of(
                Map.of(
                        "w1", normal(random, 16, 2),
                        "b1", normal(random, 16),
                        "w2", normal(random, 2, 16),
                        "b2", normal(random, 2)),
                gemm("hidden", "x", "w1", "b1", "h"),
                Node.of("relu", "Relu", List.of("h"), List.of("r")),
                gemm("output", "r", "w2", "b2", "y"));
    }

    private static Node gemm(String name, String in, String weight, String bias, String out) {
        return Node.of(name, "Gemm", List.of(in, weight, bias), List.of(out))
                .with("transB", new IntValue(1));
    }

    private static Tensor normal(SplittableRandom random, long... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.ofFloats(shape, values);
    }

    private static Batch points(int step) {
        SplittableRandom random = new SplittableRandom(step);
        float[] xy = new float[2 * SAMPLES];
        long[] labels = new long[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            labels[i] = i % 2;
            double radius = labels[i] == 0 ? random.nextDouble(0, 1) : random.nextDouble(1.5, 3);
            double angle = random.nextDouble(2 * Math.PI);
            xy[2 * i] = (float) (radius * Math.cos(angle));
            xy[2 * i + 1] = (float) (radius * Math.sin(angle));
        }
        return new Batch(
                Tensor.ofFloats(Shape.of(SAMPLES, 2), xy),
                Tensor.ofLongs(Shape.of(SAMPLES), labels));
    }

    private static double accuracy(Model model) {
        int right = 0;
        int batches = 10;
        try (TorchNetwork network = TorchNetwork.of(model)) {
            for (int i = 0; i < batches; i++) {
                Batch batch = points(1_000_000 + i);
                float[] logits = network.infer(batch.inputs()).floats();
                long[] labels = batch.labels().longs();
                for (int s = 0; s < SAMPLES; s++) {
                    right += (logits[2 * s + 1] > logits[2 * s] ? 1 : 0) == labels[s] ? 1 : 0;
                }
            }
        }
        return right / (double) (batches * SAMPLES);
    }
}
