package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.engine.Partition;
import dev.nibble.engine.Samples;
import dev.nibble.onnxruntime.Preserved.RandomSamples;
import dev.nibble.pass.CrossLayerEqualization;
import dev.nibble.pass.CrossLayerEqualization.ClipHandling;
import dev.nibble.pass.CrossLayerEqualization.Mode;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Equalized networks, run beside the ones that they were. */
class CrossLayerEqualizationRunTest {
    @ParameterizedTest
    @EnumSource
    void aResidualBlockWithRelusStaysTheSame(Mode mode) {
        Preserved block =
                Preserved.by(
                                new CrossLayerEqualization(mode),
                                FloatNetworks.invertedResidual("Relu(%s)"),
                                2,
                                3,
                                6,
                                6)
                        .isTheSameFunction();
        // the residual stream is one group: stem alone, narrow with shifted and sum
        assertThat(block.applied()).containsExactly("stem", "wide", "deep", "narrow");
    }

    @Test
    void aResidualBlockWithClipsStaysTheSameOnWhatWasObserved() {
        Preserved block =
                Preserved.by(
                                new CrossLayerEqualization(Mode.WEIGHTS),
                                FloatNetworks.invertedResidual("Clip(%s, zero, bound)"),
                                2,
                                3,
                                6,
                                6)
                        .isTheSameFunction();
        assertThat(block.applied()).contains("stem", "wide", "narrow");
    }

    @Test
    void whatClipsDoToValuesBeyondThoseObservedIsMeasuredOnOtherSamples() {
        RandomSamples samples = new RandomSamples("x", Shape.of(2, 3, 6, 6), 48);
        Preserved block =
                Preserved.by(
                        new CrossLayerEqualization(Mode.WEIGHTS),
                        FloatNetworks.invertedResidual("Clip(%s, zero, bound)"),
                        samples);

        Samples unseen = Partition.holdingOut(32, samples).seen();
        assertThat(unseen.size()).isEqualTo(16);
        double change = block.error(unseen);
        assertThat(change).isPositive();
        assertThat(block.after().findings())
                .filteredOn(finding -> finding instanceof Measured)
                .singleElement()
                .satisfies(finding -> {
                    Measured measured = (Measured) finding;
                    assertThat(measured.quantity())
                            .isEqualTo("SQNR in dB on 16 samples not used for observing");
                    assertThat(measured.value()).isCloseTo(-20 * Math.log10(change), within(0.1));
                });
    }

    @Test
    void growingChannelsKeepAwayFromClips() {
        Preserved block =
                Preserved.by(
                        new CrossLayerEqualization(Mode.ACTIVATIONS),
                        FloatNetworks.invertedResidual("Clip(%s, zero, bound)"),
                        2,
                        3,
                        6,
                        6);
        Samples others = new RandomSamples("x", Shape.of(7, 3, 6, 6), 20);

        assertThat(block.error(others)).isLessThan(1e-5);
        assertThat(block.applied()).containsExactly("stem", "narrow");
        assertThat(block.skipped()).contains("wide", "deep");
    }

    @Test
    void aReluInThePlaceOfAClipIsMeasured() {
        Preserved block =
                Preserved.by(
                        new CrossLayerEqualization(Mode.WEIGHTS, 1, ClipHandling.REPLACE_BY_RELU),
                        FloatNetworks.invertedResidual("Clip(%s, zero, bound)"),
                        2,
                        3,
                        6,
                        6);

        double change = block.error(block.samples());
        assertThat(change).isGreaterThan(1e-3);
        assertThat(block.after().findings())
                .filteredOn(finding -> finding instanceof Measured)
                .singleElement()
                .satisfies(finding ->
                        assertThat(((Measured) finding).value())
                                .isCloseTo(-20 * Math.log10(change), within(0.1)));
    }

    @ParameterizedTest
    @EnumSource
    void branchesThatComeTogetherStayTheSame(Mode mode) {
        Preserved branches =
                Preserved.by(new CrossLayerEqualization(mode), FloatNetworks.branches(), 2, 3, 6, 6)
                        .isTheSameFunction();
        assertThat(branches.applied()).containsExactly("stem", "left", "up");
    }

    @ParameterizedTest
    @EnumSource
    void productsWithBiasesBehindThemStayTheSame(Mode mode) {
        Preserved words =
                Preserved.by(new CrossLayerEqualization(mode), FloatNetworks.feedForward(), 2, 5, 8)
                        .isTheSameFunction();
        assertThat(words.applied()).contains("up");
    }

    @ParameterizedTest
    @CsvSource({
        "mobilenet_v2_imagenet, WEIGHTS, 224",
        "mobilenet_v2_imagenet, ACTIVATIONS, 224",
        "squeezenet_1_1_imagenet, WEIGHTS, 224",
        "squeezenet_1_1_imagenet, ACTIVATIONS, 224"
    })
    void realNetworksStayTheSame(String name, Mode mode, int size) {
        Preserved network =
                Preserved.by(
                        new CrossLayerEqualization(mode),
                        Networks.ONNX.read(SharedModels.get(name)),
                        new RandomSamples("input", Shape.of(1, 3, size, size), 4));
        assertThat(network.error(network.samples())).isLessThan(1e-4);
        assertThat(network.applied()).hasSizeGreaterThan(5);
    }
}
