package dev.nibble.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nibble.examples.training.Comparison;
import dev.nibble.examples.training.Comparison.Left;
import dev.nibble.examples.training.Comparison.Ran;
import dev.nibble.examples.training.Coverage;

import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Networks that others published compute on libtorch what they compute in ONNX Runtime. */
class TorchZooTest {
    private static final double TOLERANCE = 1e-3;

    /** None of what they need is known, or ONNX Runtime does not take them. */
    private static final List<String> REFUSED =
            List.of(
                    "test_xgb",
                    "superresolution_with_pre_post_processing",
                    "qlstm",
                    "skl_lr_mnist",
                    "assets__super_resolution");

    @BeforeAll
    static void oneThread() {
        torch.set_num_threads(1);
    }

    static List<Path> networks() throws IOException {
        List<String> folders = new ArrayList<>();
        for (String kind : List.of("zoo", "models")) {
            Stream.of(System.getProperty("nibble.shared"), System.getenv("NIBBLE_SHARED"))
                    .filter(root -> root != null)
                    .map(root -> Path.of(root, kind))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .map(Path::toString)
                    .ifPresent(folders::add);
        }
        List<Path> files = Coverage.networks(folders);
        return files.isEmpty() ? List.of(Path.of("none")) : files;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void computesWhatOnnxRuntimeComputes(Path file) {
        assumeTrue(
                Files.exists(file),
                "skipped: no networks where -Dnibble.shared or NIBBLE_SHARED points");
        boolean refused = REFUSED.stream().anyMatch(file.toString()::contains);
        switch (Comparison.of(file)) {
            case Ran(double error) -> {
                assertThat(refused).as("listed as refused").isFalse();
                assertThat(error).isLessThan(TOLERANCE);
            }
            case Left(String why) -> {
                assertThat(refused).as(why).isTrue();
                abort("skipped: " + why);
            }
        }
    }

    @Test
    void thePageListsTheOperators() throws IOException {
        assertThat(Files.readString(Path.of("../docs/training-operators.md")))
                .contains(Coverage.operators());
    }
}
