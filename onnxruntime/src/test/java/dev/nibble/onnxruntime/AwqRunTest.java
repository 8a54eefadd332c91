package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.LocalLab;
import dev.nibble.engine.NoSamples;
import dev.nibble.engine.Progress;
import dev.nibble.graph.Model;
import dev.nibble.lower.QdqLowering;
import dev.nibble.number.NumberFormats;
import dev.nibble.onnxruntime.Preserved.RandomSamples;
import dev.nibble.pass.Awq;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.pass.Pass;
import dev.nibble.pass.Planning;
import dev.nibble.pass.RangeOverrides;
import dev.nibble.pass.WeightRanges;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.plan.Weights;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** Networks with scaled channels, run beside the ones that they were. */
class AwqRunTest {
    private static final Recipe FOUR_BITS = fourBits();
    private static final Awq AWQ = new Awq(FOUR_BITS, Target.ONNX_RUNTIME_CPU);

    /** All weights at 4 bits, a scale for each output channel; everything else stays float. */
    private static Recipe fourBits() {
        Recipe recipe =
                Recipe.of("w4", Weights.perChannel(NumberFormats.INT4), new FloatActivations());
        return recipe.withEdges(recipe.layers());
    }

    /** The error that 4 bits bring to the outputs, as a share of them. */
    private static double error(Preserved network, Draft draft) {
        Draft rounded =
                Pass.sequence(
                                List.of(
                                        new Planning(FOUR_BITS, Target.ONNX_RUNTIME_CPU),
                                        new WeightRanges(RangeOverrides.NONE)))
                        .apply(draft, lab(new RandomSamples("x", Shape.of(1), 0)));
        Draft lowered = Draft.of(QdqLowering.lower(rounded));
        return new Preserved(network.before(), lowered, network.samples())
                .error(new RandomSamples("x", Shape.of(8, 5, 32), 20));
    }

    private static LocalLab lab(RandomSamples samples) {
        return new LocalLab(samples, Networks.ENGINE, Networks.ONNX, 1, 1, Progress.NONE);
    }

    /** Rows of words of which two channels are large, put through one product. */
    private static Model salient() {
        float[] gains = new float[32];
        Arrays.fill(gains, 1);
        gains[5] = 30;
        gains[20] = 12;
        return new Sketch()
                .input("x", DataType.FLOAT32, "N", 5, 32)
                .output("y", DataType.FLOAT32)
                .constant("gain", Networks.floats(gains))
                .constant("w", Preserved.random(Shape.of(32, 48), 4, 2))
                .node("norm = LayerNormalization(x, gain)")
                .node("y = MatMul(norm, w)")
                .model();
    }

    @Test
    void roundedWeightsOfLargeActivationsErrLess() {
        Preserved words = Preserved.by(AWQ, salient(), 2, 5, 32).isTheSameFunction();

        assertThat(words.applied()).containsExactly("norm");
        double before = error(words, Draft.of(words.before()));
        assertThat(error(words, words.after())).isLessThan(0.7 * before);
    }

    @Test
    void aFeedForwardBlockStaysTheSame() {
        Preserved words =
                Preserved.by(AWQ, FloatNetworks.feedForward(), 2, 5, 8).isTheSameFunction();

        assertThat(words.applied()).contains("norm");
        assertThat(words.skipped()).contains("down");
    }

    @Test
    void clippedChannelsStayTheSameOnWhatWasObserved() {
        Preserved block =
                Preserved.by(
                                AWQ,
                                FloatNetworks.invertedResidual("Clip(%s, zero, bound)"),
                                2,
                                3,
                                6,
                                6)
                        .isTheSameFunction();
        assertThat(block.applied()).contains("stem");
    }

    @Test
    void aRealNetworkStaysTheSame() {
        Model squeezeNet = Networks.ONNX.read(SharedModels.get("squeezenet_1_1_imagenet"));
        Preserved network =
                Preserved.by(
                                AWQ,
                                squeezeNet,
                                new RandomSamples("input", Shape.of(1, 3, 224, 224), 4))
                        .isTheSameFunction();
        assertThat(network.applied()).hasSizeGreaterThan(10);
    }

    @Test
    void theScalesAreTheSameForAnyNumberOfThreads() {
        Model model = FloatNetworks.invertedResidual("Relu(%s)");
        RandomSamples samples = new RandomSamples("x", Shape.of(2, 3, 6, 6), 6);
        Draft one = AWQ.apply(Draft.of(model), lab(samples));
        Draft three =
                AWQ.apply(
                        Draft.of(model),
                        new LocalLab(samples, Networks.ENGINE, Networks.ONNX, 3, 1, Progress.NONE));

        assertThat(three.findings()).isEqualTo(one.findings());
        assertThat(three.graph().constants()).isEqualTo(one.graph().constants());
    }

    @Test
    void weightsOfMoreBitsAreLeftAlone() {
        Preserved words =
                Preserved.by(
                        new Awq(Recipes.INT8, Target.ONNX_RUNTIME_CPU),
                        FloatNetworks.feedForward(),
                        2,
                        5,
                        8);
        assertThat(words.applied()).isEmpty();
        assertThat(words.after().findings())
                .contains(new Skipped("Awq", "norm", "no weights of 4 bits read it"));
    }

    @Test
    void withoutSamplesNothingIsDone() {
        LocalLab lab =
                new LocalLab(
                        NoSamples.INSTANCE, Networks.ENGINE, Networks.ONNX, 1, 1, Progress.NONE);
        Draft draft = AWQ.apply(Draft.of(FloatNetworks.feedForward()), lab);
        assertThat(draft.findings())
                .singleElement()
                .satisfies(finding ->
                        assertThat(((Skipped) finding).why()).isEqualTo("there are no samples"));
    }
}
