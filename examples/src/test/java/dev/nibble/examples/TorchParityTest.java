package dev.nibble.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Session;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.onnxruntime.OnnxRuntimeEngine;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;
import dev.nibble.torch.train.TorchNetwork;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** The operators in libtorch against those of ONNX Runtime, on whole networks. */
class TorchParityTest {
    @ParameterizedTest
    @CsvSource({
        "mobilenet_v2_imagenet, 224",
        "squeezenet_1_1_imagenet, 224",
        "resnet20_cifar10, 32",
        "resnet56_cifar10_original, 32",
        "mobilenetv2_cifar10, 32"
    })
    void computesWhatOnnxRuntimeComputes(String name, long size) {
        Model model = new OnnxFormat().read(shared("models/" + name + ".onnx"));
        Tensor input = noise(size);

        float[] expected = onnxRuntime(model, input);

        try (TorchNetwork network = TorchNetwork.of(model)) {
            float[] outputs = network.infer(input).floats();
            assertThat(outputs).hasSameSizeAs(expected);
            double error = 0;
            double power = 0;
            for (int i = 0; i < outputs.length; i++) {
                error += Math.pow(outputs[i] - expected[i], 2);
                power += Math.pow(expected[i], 2);
            }
            assertThat(Math.sqrt(error / power)).isLessThan(1e-5);
        }
    }

    private static float[] onnxRuntime(Model model, Tensor input) {
        Graph graph = model.graph();
        String output = graph.outputs().getFirst().name();
        try (Session session =
                        new OnnxRuntimeEngine()
                                .open(
                                        model,
                                        Set.of(),
                                        new OnnxFormat(),
                                        EngineOptions.SINGLE_THREAD);
                Outputs outputs = session.run(Map.of(graph.fedInputs().getFirst().name(), input))) {
            return Objects.requireNonNull(outputs.tensors().get(output)).floats();
        }
    }

    private static Tensor noise(long size) {
        Random random = new Random(1);
        Shape shape = Shape.of(1, 3, size, size);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.ofFloats(shape, values);
    }

    private static Path shared(String file) {
        Path folder =
                Path.of(
                        Optional.ofNullable(System.getProperty("nibble.shared"))
                                .or(() -> Optional.ofNullable(System.getenv("NIBBLE_SHARED")))
                                .orElse("shared"));
        Path path = folder.resolve(file);
        assumeTrue(
                Files.exists(path),
                "skipped: there is no %s in %s; name the folder with -Dnibble.shared or NIBBLE_SHARED"
                        .formatted(file, folder));
        return path;
    }
}
