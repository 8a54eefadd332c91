package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.Samples;
import dev.nibble.graph.Model;
import dev.nibble.onnxruntime.Preserved.RandomSamples;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.CrossLayerEqualization;
import dev.nibble.pass.CrossLayerEqualization.ClipHandling;
import dev.nibble.pass.CrossLayerEqualization.Mode;
import dev.nibble.pass.HighBiasAbsorption;
import dev.nibble.pass.Pass;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Networks whose high biases were moved on, run beside the ones that they were. */
class HighBiasAbsorptionRunTest {
    @Test
    void constantPartsOfChannelsMoveThroughRelus() {
        Sketch sketch =
                new Sketch()
                        .input("x", DataType.FLOAT32, "N", 3, 4, 4)
                        .output("y", DataType.FLOAT32)
                        .constant("w", Preserved.random(Shape.of(4, 3, 1, 1), 1, 2))
                        .constant("b", Networks.floats(40, -1, 30, 0))
                        .constant("v", Preserved.random(Shape.of(5, 4, 3, 3), 2, 2))
                        .constant("u", Preserved.random(Shape.of(5, 2), 3, 2))
                        .node("first = Conv(x, w, b)")
                        .node("positive = Relu(first)")
                        .node("second = Conv(positive, v)")
                        .node("also = Relu(second)")
                        .node("mean = GlobalAveragePool(also)")
                        .node("flat = Flatten(mean)")
                        .node("y = Gemm(flat, u)");

        Preserved network =
                Preserved.by(new HighBiasAbsorption(), sketch.model(), 2, 3, 4, 4)
                        .isTheSameFunction();

        assertThat(network.applied()).containsExactly("make positive");
        assertThat(network.skipped()).containsExactly("make also");
    }

    /** With Relu for Clip, since no bias moves through a Clip. */
    @Test
    void aRealNetworkStaysTheSame() {
        Samples photos = new RandomSamples("input", Shape.of(1, 3, 224, 224), 4);
        Model relus =
                Preserved.by(
                                Pass.sequence(
                                        List.of(
                                                new BatchNormFolding(),
                                                new CrossLayerEqualization(
                                                        Mode.WEIGHTS,
                                                        1,
                                                        ClipHandling.REPLACE_BY_RELU))),
                                Networks.ONNX.read(SharedModels.get("mobilenet_v2_imagenet")),
                                photos)
                        .after()
                        .model();

        Preserved network =
                Preserved.by(new HighBiasAbsorption(), relus, photos).isTheSameFunction();

        assertThat(network.applied()).hasSizeGreaterThan(5);
    }
}
