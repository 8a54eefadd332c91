package dev.nibble.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.engine.LocalLab;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.examples.nets.SmallNetworks;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.number.Quantizer;
import dev.nibble.onnxruntime.OnnxRuntimeEngine;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.BiasCorrection;
import dev.nibble.pass.BiasOverflowGuard;
import dev.nibble.pass.Calibration;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.pass.Pass;
import dev.nibble.pass.Planning;
import dev.nibble.pass.RangeOverrides;
import dev.nibble.pass.WeightRanges;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.plan.WeightedNode;
import dev.nibble.repair.AdaRound;
import dev.nibble.repair.BlockReconstruction;
import dev.nibble.repair.ReconstructionSettings;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/** AdaRound and block reconstruction with a real engine and real gradients. */
class ReconstructionTest {
    private static final int SIZE = 12;
    private static final ReconstructionSettings SETTINGS =
            new ReconstructionSettings(60, 8, 16, 0, false, 0.05, 1e-3, 1, 1);

    @Test
    void blocksOfAMobileNetFitBetterThanBefore() {
        Draft before = fourBits(SmallNetworks.mobileNet(SIZE, 10, 8, 1), 1);

        Draft after = new BlockReconstruction(SETTINGS).apply(before, lab(1));

        List<Finding> said = said(before, after);
        assertThat(said).filteredOn(Applied.class::isInstance).hasSizeGreaterThan(4);
        assertThat(after.fitted()).isNotEqualTo(before.fitted());
        assertThat(after.model().graph().constants())
                .containsAllEntriesOf(before.model().graph().constants());
        assertThatWeightsLieOnTheirGrid(after);
    }

    @Test
    void layersOfAResNetFitBetterThanBefore() {
        Draft before = fourBits(SmallNetworks.resNet(SIZE, 10, 8, 1), 1);

        Draft after = new AdaRound(SETTINGS).apply(before, lab(1));

        assertThat(said(before, after)).hasSize(10);
        assertThat(said(before, after)).filteredOn(Applied.class::isInstance).hasSizeGreaterThan(4);
        assertThatWeightsLieOnTheirGrid(after);
    }

    @Test
    void theSameBytesComeOutForAnyNumberOfThreads() {
        Model model = SmallNetworks.mobileNet(SIZE, 10, 8, 1);
        Pass pass =
                new BlockReconstruction(
                        new ReconstructionSettings(12, 8, 16, 0.5, true, 0.05, 1e-3, 1, 7));

        Draft one = pass.apply(fourBits(model, 1), lab(1));
        Draft three = pass.apply(fourBits(model, 3), lab(3));

        assertThat(three.fitted()).isEqualTo(one.fitted());
        assertThat(three.plan()).isEqualTo(one.plan());
        assertThat(three.findings()).isEqualTo(one.findings());
    }

    @Test
    void learntScalesAreInThePlan() {
        Draft before = fourBits(SmallNetworks.resNet(SIZE, 10, 8, 1), 1);
        Pass pass =
                new BlockReconstruction(
                        new ReconstructionSettings(60, 8, 16, 0, true, 0.05, 1e-3, 1, 1));

        Draft after = pass.apply(before, lab(1));

        assertThat(after.plan().values().keySet()).isEqualTo(before.plan().values().keySet());
        assertThat(after.plan().values()).isNotEqualTo(before.plan().values());
        assertThat(after.plan().encoding("input")).isEqualTo(before.plan().encoding("input"));
    }

    @Test
    void saysWhichNodeHasNoGradient() {
        Model model =
                SmallNetworks.resNet(SIZE, 10, 8, 1)
                        .map(graph ->
                                graph.edit(editor -> {
                                    Node relu = graph.node("stage2.relu1");
                                    editor.constant(
                                            "same", Tensor.ofFloats(Shape.of(4), 1, 1, 1, 1));
                                    editor.replace(
                                            relu,
                                            Node.of(
                                                            relu.name(),
                                                            "Resize",
                                                            List.of(relu.input(0), "", "same"),
                                                            relu.outputs())
                                                    .with("mode", new StringValue("linear"))
                                                    .with("antialias", new IntValue(1)));
                                }))
                        .withOpset("", 18, 8);
        Draft before = fourBits(model, 1);

        Draft after = new BlockReconstruction(SETTINGS.withIterations(2)).apply(before, lab(1));

        assertThat(said(before, after))
                .contains(
                        new Skipped(
                                "BlockReconstruction",
                                "stage2.relu2.out",
                                "node stage2.relu1 (Resize): antialias is set"));
    }

    @Test
    void aListenerCancels() {
        Draft before = fourBits(SmallNetworks.resNet(SIZE, 10, 8, 1), 1);
        AtomicLong steps = new AtomicLong();
        Progress impatient =
                new Progress() {
                    @Override
                    public void start(String stage, long total) {
                        assertThat(stage).isEqualTo("AdaRound");
                        assertThat(total).isEqualTo(10 * 60);
                    }

                    @Override
                    public void advance(long done) {
                        if (steps.addAndGet(done) == 7) {
                            throw new CancellationException("enough");
                        }
                    }

                    @Override
                    public void finish() {}
                };

        assertThatThrownBy(
                        () -> new AdaRound(SETTINGS).apply(before, lab(1).reportingTo(impatient)))
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
    }

    private static List<Finding> said(Draft before, Draft after) {
        return after.findings().subList(before.findings().size(), after.findings().size());
    }

    private static void assertThatWeightsLieOnTheirGrid(Draft draft) {
        Graph graph = draft.graph();
        for (Node node : graph.nodes()) {
            WeightedNode.of(graph, node)
                    .map(WeightedNode::weightName)
                    .filter(draft.fitted()::containsKey)
                    .ifPresent(name -> {
                        Tensor fitted = draft.fittedConstant(name);
                        assertThat(
                                        Quantizer.fakeQuantize(
                                                fitted, draft.plan().encoding(name).orElseThrow()))
                                .isEqualTo(fitted);
                    });
        }
    }

    /** The network with 4-bit weights and 8-bit activations, rounded to nearest. */
    private static Draft fourBits(Model model, int threads) {
        Recipe recipe = Recipes.W4A8;
        RangeOverrides none = new RangeOverrides(List.of());
        if (!(recipe.activations() instanceof StaticActivations statics)) {
            throw new AssertionError("w4a8 measures activations");
        }
        return Pass.sequence(
                        List.of(
                                new BatchNormFolding(),
                                new Planning(recipe, Target.ONNX_RUNTIME_CPU),
                                new Calibration(statics.calibrator(), none),
                                new WeightRanges(none),
                                new BiasOverflowGuard(),
                                new BiasCorrection()))
                .apply(Draft.of(model.map(Graph::named)), lab(threads));
    }

    private static LocalLab lab(int threads) {
        return new LocalLab(
                new Noise(), new OnnxRuntimeEngine(), new OnnxFormat(), threads, 1, Progress.NONE);
    }

    /** Sixteen pictures of noise. */
    private record Noise() implements Samples {
        @Override
        public int size() {
            return 16;
        }

        @Override
        public Sample get(int index) {
            Random random = new Random(index);
            float[] values = new float[3 * SIZE * SIZE];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            Tensor picture = Tensor.ofFloats(Shape.of(1, 3, SIZE, SIZE), values);
            return new Sample("noise " + index, Map.of("input", picture), Sample.UNLABELLED);
        }

        @Override
        public boolean labelled() {
            return false;
        }

        @Override
        public String description() {
            return "noise";
        }
    }
}
