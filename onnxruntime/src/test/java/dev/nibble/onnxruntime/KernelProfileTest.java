package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.cost.NodeTimes;
import dev.nibble.engine.KernelTime;
import dev.nibble.engine.Sample;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

class KernelProfileTest {
    @TempDir private Path folder;

    private Path profile(String... events) throws IOException {
        return Files.writeString(
                folder.resolve("profile.json"), "[" + String.join(",\n", events) + "]");
    }

    private static String kernel(String name, long micros) {
        return """
        {"cat": "Node", "pid": 1, "dur": %d, "ph": "X", "name": "%s_kernel_time",
         "args": {"input_type_shape": [{"float": [1, 2]}], "op_name": "Conv", "graph_index": "3"}}\
        """
                .formatted(micros, name);
    }

    @Test
    void a_kernel_takes_the_median_of_the_runs_that_count() throws IOException {
        List<String> events = new ArrayList<>();
        for (long micros : new long[] {900, 900, 900, 10, 40, 20, 30}) {
            events.add(
                    """
                    {"cat": "Session", "dur": 99, "name": "model_run", "args": {}}\
                    """);
            events.add(kernel("a", micros));
        }

        assertThat(KernelProfile.read(profile(events.toArray(String[]::new)), 4, Set.of()))
                .containsExactly(new KernelTime("a", "Conv", 0.025));
    }

    @Test
    void a_kernel_that_runs_twice_in_a_run_takes_both_together() throws IOException {
        List<String> events = new ArrayList<>();
        for (int run = 0; run < 4; run++) {
            events.add(kernel("a", 10));
            events.add(kernel("a", 10));
        }

        assertThat(KernelProfile.read(profile(events.toArray(String[]::new)), 1, Set.of()))
                .containsExactly(new KernelTime("a", "Conv", 0.02));
    }

    @Test
    void what_optimization_put_behind_a_name_is_taken_away() throws IOException {
        Path profile =
                profile(kernel("a_token_12", 5), kernel("b_nchwc", 5), kernel("c_nchwc_1", 5));

        assertThat(KernelProfile.read(profile, 1, Set.of()))
                .extracting(KernelTime::name)
                .containsExactly("a", "b", "c_nchwc_1");
    }

    @Test
    void a_name_that_is_in_the_file_stays_what_it_is() throws IOException {
        assertThat(KernelProfile.read(profile(kernel("a_token_12", 5)), 1, Set.of("a_token_12")))
                .extracting(KernelTime::name)
                .containsExactly("a_token_12");
    }

    @Test
    void a_profile_that_ends_early_is_an_error_that_names_it() throws IOException {
        Path profile = Files.writeString(folder.resolve("short.json"), "[{\"cat\": \"Node\"");

        assertThatThrownBy(() -> KernelProfile.read(profile, 1, Set.of()))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(profile.toString());
    }

    @Test
    void every_convolution_and_product_of_a_network_has_a_time() {
        Model model = FloatNetworks.invertedResidual("Clip(%s, zero, bound)");
        Sample sample =
                new Sample("s", Map.of("x", Preserved.random(Shape.of(1, 3, 6, 6), 1, 1)), -1);

        List<KernelTime> kernels =
                new OnnxRuntimeEngine().kernelTimes(model, Networks.ONNX, sample, 5);

        assertThat(kernels).allSatisfy(kernel -> assertThat(kernel.medianMs()).isNotNegative());
        assertThat(NodeTimes.of(model.graph(), kernels).ms())
                .containsKeys(
                        model.graph().nodes().stream()
                                .filter(node -> node.is("Conv") || node.is("Gemm"))
                                .map(Node::name)
                                .toArray(String[]::new));
    }
}
