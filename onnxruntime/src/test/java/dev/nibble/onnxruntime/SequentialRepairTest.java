package dev.nibble.onnxruntime;

import static dev.nibble.onnxruntime.Networks.ENGINE;
import static dev.nibble.onnxruntime.Networks.ONNX;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import static java.util.Objects.requireNonNull;

import dev.nibble.calibrate.Calibrators;
import dev.nibble.engine.LocalLab;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.lower.QdqLowering;
import dev.nibble.observe.ChannelMeans;
import dev.nibble.pass.Calibration;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding;
import dev.nibble.pass.Pass;
import dev.nibble.pass.Planning;
import dev.nibble.pass.RangeOverrides;
import dev.nibble.pass.WeightRanges;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.repair.EmpiricalBiasCorrection;
import dev.nibble.repair.Sequential;
import dev.nibble.repair.WeightClipping;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Repairs that go from node to node, on a network of three convolutions with 4-bit weights. */
class SequentialRepairTest {
    private static final int CHANNELS = 4;

    private static Tensor weights(int seed, long... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[(int) shape.elements()];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.3 + random.nextGaussian());
        }
        return Tensor.ofFloats(shape, values);
    }

    private static Model network() {
        return Networks.of(
                List.of(
                        Node.of("a", "Conv", List.of("x", "wa"), List.of("a1")),
                        Node.of("ra", "Relu", List.of("a1"), List.of("a2")),
                        Node.of("b", "Conv", List.of("a2", "wb", "bb"), List.of("b1")),
                        Node.of("rb", "Relu", List.of("b1"), List.of("b2")),
                        Node.of("c", "Conv", List.of("b2", "wc"), List.of("y"))),
                List.of(Networks.info("x", DataType.FLOAT32, 1, 2, 6, 6)),
                List.of(Networks.untyped("y")),
                Map.of(
                        "wa", weights(1, CHANNELS, 2, 3, 3),
                        "wb", weights(2, CHANNELS, CHANNELS, 1, 1),
                        "bb", weights(3, CHANNELS),
                        "wc", weights(4, CHANNELS, CHANNELS, 1, 1)));
    }

    private record Noise(int size) implements Samples {
        @Override
        public Sample get(int index) {
            return new Sample(
                    "noise " + index,
                    Map.of("x", weights(100 + index, 1, 2, 6, 6)),
                    Sample.UNLABELLED);
        }

        @Override
        public boolean labelled() {
            return false;
        }

        @Override
        public String description() {
            return size + " samples of noise";
        }
    }

    private static LocalLab lab(int threads) {
        return new LocalLab(new Noise(12), ENGINE, ONNX, threads, 1, Progress.NONE);
    }

    private static Draft rounded(LocalLab lab) {
        return Pass.sequence(
                        List.of(
                                new Planning(
                                        Recipes.W4A8.withEdges(Recipes.W4A8.layers()),
                                        Target.ONNX_RUNTIME_CPU),
                                new Calibration(Calibrators.MIN_MAX, RangeOverrides.NONE),
                                new WeightRanges(RangeOverrides.NONE)))
                .apply(Draft.of(network()), lab);
    }

    private static double[] means(Model model, LocalLab lab) {
        ChannelMeans means =
                requireNonNull(
                        lab.observe("observing", model, Set.of("y"), ChannelMeans.observer(1))
                                .get("y"));
        double[] all = new double[CHANNELS];
        for (int channel = 0; channel < CHANNELS; channel++) {
            all[channel] = means.mean(channel);
        }
        return all;
    }

    private static Sequential correction() {
        return new Sequential("correcting", List.of(new EmpiricalBiasCorrection(3)), 100);
    }

    @Test
    void biasesAreShiftedUntilTheMeansAreThoseOfTheFloatNetwork() {
        LocalLab lab = lab(2);
        Draft rounded = rounded(lab);
        Draft corrected = correction().apply(rounded, lab);

        double[] wanted = means(network(), lab);
        double[] before = means(QdqLowering.lower(rounded), lab);
        double[] after = means(QdqLowering.lower(corrected), lab);
        double worst = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            worst = Math.max(worst, Math.abs(before[channel] - wanted[channel]));
            // rounding the outputs to codes moves a mean by a part of a step
            assertThat(after[channel]).isCloseTo(wanted[channel], within(0.05));
        }
        assertThat(worst).isGreaterThan(0.1);
        assertThat(corrected.findings())
                .filteredOn(finding -> finding.pass().equals("EmpiricalBiasCorrection"))
                .extracting(Finding::subject)
                .containsExactly("a", "b", "c");
    }

    @Test
    void theFloatNetworkStaysTheTarget() {
        LocalLab lab = lab(1);
        Draft corrected = correction().apply(rounded(lab), lab);
        assertThat(means(corrected.model(), lab)).isEqualTo(means(network(), lab));
    }

    @Test
    void threadsDoNotChangeABit() {
        assertThat(correction().apply(rounded(lab(1)), lab(1)).fitted())
                .isEqualTo(correction().apply(rounded(lab(2)), lab(2)).fitted());
    }

    @Test
    void clippingSparesTheOutputsNotTheWeights() {
        LocalLab lab = lab(1);
        Draft before = rounded(lab);
        Draft after =
                new Sequential(WeightClipping.NAME, List.of(new WeightClipping()), 12)
                        .apply(before, lab);
        List<Double> errors =
                after.findings().stream()
                        .filter(Finding.Measured.class::isInstance)
                        .map(Finding.Measured.class::cast)
                        .filter(finding -> finding.pass().equals(WeightClipping.NAME))
                        .map(Finding.Measured::value)
                        .toList();
        assertThat(errors).isNotEmpty();
        for (int i = 0; i < errors.size(); i += 2) {
            assertThat(errors.get(i + 1)).isLessThan(errors.get(i));
        }
        assertThat(after.plan().encoding("wb")).isNotEqualTo(before.plan().encoding("wb"));
        assertThat(after.fittedConstant("wb")).isEqualTo(before.fittedConstant("wb"));
    }
}
