package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.onnxruntime.Preserved.RandomSamples;
import dev.nibble.pass.SmoothQuant;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

/** Smoothed networks, run beside the ones that they were. */
class SmoothQuantRunTest {
    @Test
    void outliersMoveIntoTheWeightsThroughANormalization() {
        Preserved words =
                Preserved.by(new SmoothQuant(), FloatNetworks.feedForward(), 2, 5, 8)
                        .isTheSameFunction();
        assertThat(words.applied()).containsExactly("norm", "up");
        assertThat(words.skipped()).containsExactly("down");
    }

    @Test
    void clippedChannelsStayTheSameOnWhatWasObserved() {
        Preserved block =
                Preserved.by(
                                new SmoothQuant(),
                                FloatNetworks.invertedResidual("Clip(%s, zero, bound)"),
                                2,
                                3,
                                6,
                                6)
                        .isTheSameFunction();
        assertThat(block.applied()).contains("stem", "narrow");
    }

    @Test
    void aRealNetworkStaysTheSame() {
        Preserved network =
                Preserved.by(
                                new SmoothQuant(),
                                Networks.ONNX.read(SharedModels.get("squeezenet_1_1_imagenet")),
                                new RandomSamples("input", Shape.of(1, 3, 224, 224), 4))
                        .isTheSameFunction();
        assertThat(network.applied()).hasSizeGreaterThan(10);
    }
}
