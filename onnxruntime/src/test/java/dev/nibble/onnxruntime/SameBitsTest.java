package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nibble.engine.Engine;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.LocalLab;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.engine.Session;
import dev.nibble.graph.Model;
import dev.nibble.observe.Observer;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a real network computes does not depend on how many threads call, on memory used again, or
 * on what is fetched.
 */
class SameBitsTest {
    private static final Engine ENGINE = Networks.ENGINE;

    /** Noise instead of pictures. */
    private record Noise(int size) implements Samples {
        @Override
        public Sample get(int index) {
            Random random = new Random(index);
            float[] pixels = new float[3 * 32 * 32];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) random.nextGaussian();
            }
            Map<String, Tensor> inputs =
                    Map.of("input", Tensor.ofFloats(Shape.of(1, 3, 32, 32), pixels));
            return new Sample("noise " + index, inputs, Sample.UNLABELLED);
        }

        @Override
        public boolean labelled() {
            return false;
        }

        @Override
        public String description() {
            return size + " arrays of noise";
        }
    }

    /** A sum whose bits tell the order of adding. */
    private record Sum(double value) implements Statistic<Sum> {
        @Override
        public Sum merge(Sum other) {
            return new Sum(value + other.value);
        }
    }

    private record Sums() implements Observer<Sum> {
        @Override
        public Sum nothing() {
            return new Sum(0);
        }

        @Override
        public Sum observe(Tensor values) {
            double sum = 0;
            for (float value : values.floats()) {
                sum += value;
            }
            return new Sum(sum);
        }
    }

    private static Model network() {
        Path root =
                Optional.ofNullable(System.getProperty("nibble.shared"))
                        .or(() -> Optional.ofNullable(System.getenv("NIBBLE_SHARED")))
                        .map(Path::of)
                        .orElseGet(() ->
                                Path.of("").toAbsolutePath().resolve("../../shared").normalize());
        Path file = root.resolve("models").resolve("mobilenetv2_cifar10.onnx");
        assumeTrue(
                Files.exists(file),
                "skipped: there is no "
                        + file
                        + "; name the folder with -Dnibble.shared or NIBBLE_SHARED");
        return Networks.ONNX.read(file);
    }

    private static Set<String> inner(Model model) {
        return model.graph().nodes().stream()
                .filter(node -> node.is("Conv") || node.is("Clip") || node.is("Add"))
                .map(node -> node.output(0))
                .collect(Collectors.toSet());
    }

    @Test
    void a_lab_sees_the_same_bits_with_any_number_of_threads() {
        Model model = network();
        Map<String, Sum> expected = sums(model, 1, 1);

        assertThat(expected).hasSizeGreaterThan(50);
        assertThat(sums(model, 2, 16)).isEqualTo(expected);
        assertThat(sums(model, 4, 3)).isEqualTo(expected);
    }

    private static Map<String, Sum> sums(Model model, int threads, int batch) {
        return new LocalLab(new Noise(30), ENGINE, Networks.ONNX, threads, batch, Progress.NONE)
                .observe("adding", model, inner(model), new Sums());
    }

    @Test
    void memory_used_again_holds_what_fresh_memory_would() {
        Model model = network();
        Samples samples = new Noise(5);
        try (Session reusing =
                ENGINE.open(model, inner(model), Networks.ONNX, EngineOptions.SINGLE_THREAD)) {
            for (int i = 0; i < samples.size(); i++) {
                try (Session fresh =
                                ENGINE.open(
                                        model,
                                        inner(model),
                                        Networks.ONNX,
                                        EngineOptions.SINGLE_THREAD);
                        Outputs expected = fresh.run(samples.get(i).inputs());
                        Outputs outputs = reusing.run(samples.get(i).inputs())) {
                    assertThat(outputs.tensors()).isEqualTo(expected.tensors());
                }
            }
        }
    }
}
