package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nibble.engine.Sample;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

class PeakMemoryTest {
    private static final long MEBIBYTE = 1 << 20;

    @TempDir private Path folder;

    private Path network(String name, int weights) {
        float[] values = new float[weights];
        Random random = new Random(1);
        for (int i = 0; i < weights; i++) {
            values[i] = random.nextFloat();
        }
        Model model =
                Networks.of(
                        List.of(Node.of("mul", "Mul", List.of("x", "w"), List.of("y"))),
                        List.of(Networks.info("x", DataType.FLOAT32, 1)),
                        List.of(Networks.untyped("y")),
                        Map.of("w", Tensor.ofFloats(Shape.of(weights), values)));
        Path file = folder.resolve(name);
        Networks.ONNX.write(model, file);
        return file;
    }

    private static Sample sample(Tensor x) {
        return new Sample("one", Map.of("x", x), Sample.UNLABELLED);
    }

    @Test
    void a_larger_network_has_a_higher_peak() {
        assumeTrue(
                Files.exists(Path.of("/proc/self/status")),
                "skipped: only Linux tells a process its peak memory");
        Sample sample = sample(Networks.floats(2));
        long small = Networks.ENGINE.peakMemoryBytes(network("small", 1), sample).orElseThrow();
        long large =
                Networks.ENGINE.peakMemoryBytes(network("large", 1 << 24), sample).orElseThrow();

        assertThat(small)
                .as("Java, ONNX Runtime and next to nothing")
                .isBetween(30 * MEBIBYTE, 300 * MEBIBYTE);
        assertThat(large - small)
                .as("64 MiB of weights and as much output")
                .isGreaterThan(100 * MEBIBYTE);
    }

    @Test
    void a_sample_that_does_not_fit_is_reported_as_the_process_saw_it() {
        Path file = network("small", 1);

        assertThatThrownBy(
                        () -> Networks.ENGINE.peakMemoryBytes(file, sample(Networks.floats(1, 2))))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("the process that was to load " + file)
                .hasMessageContaining("is to be float32 [1], and float32 [2] was given");
    }

    @Test
    void a_missing_network_is_reported() {
        Path file = folder.resolve("missing.onnx");

        assertThatThrownBy(() -> Networks.ENGINE.peakMemoryBytes(file, sample(Networks.floats(1))))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("there is no file " + file);
    }
}
