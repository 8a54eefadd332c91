package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What every command writes into pipes and files. */
class PipesTest {
    private static final String ESCAPE = "\u001b";
    private static final Terminal WITHOUT_COLOUR = new Terminal(true, true, false, 100);

    @TempDir private static Path folder;

    private static final AtomicInteger DEMOS = new AtomicInteger();

    private static Path network;
    private static Path quantized;
    private static Path json;

    @BeforeAll
    static void makeWhatCommandsRead() {
        network = TinyNetworks.write(folder.resolve("network.onnx"));
        quantized = folder.resolve("quantized.onnx");
        json = folder.resolve("quantized.json");
        Run run =
                Run.of(
                        "quantize",
                        network,
                        "-o",
                        quantized,
                        "--data",
                        "random:8",
                        "--recipe",
                        "int8",
                        "--json",
                        json);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    /** Words behind each command that make it work. */
    private static Object[] words(String command) {
        Path out = folder.resolve("out.onnx");
        Map<String, List<Object>> words =
                Map.of(
                        "quantize",
                        List.of(network, "-o", out, "--data", "random:8", "--recipe", "int8"),
                        "train",
                        List.of(
                                network,
                                "-o",
                                out,
                                "--data",
                                "random:16",
                                "--epochs",
                                1,
                                "--batch",
                                8),
                        "evaluate",
                        List.of(network, quantized, "--data", "random:8"),
                        "compare",
                        List.of(network, quantized, "--data", "random:8"),
                        "report",
                        List.of(json, "-o", folder.resolve("page.html")),
                        "inspect",
                        List.of(network),
                        "dequantize",
                        List.of(quantized, "-o", out),
                        "recipes",
                        List.of(),
                        "passes",
                        List.of(),
                        "demo",
                        List.of("-o", folder.resolve("demo" + DEMOS.incrementAndGet())));
        return Objects.requireNonNull(words.get(command)).toArray();
    }

    private static Run run(Terminal terminal, String command, Object... more) {
        List<Object> all = new ArrayList<>(List.of(command));
        all.addAll(Arrays.asList(words(command)));
        all.add("--force");
        all.addAll(Arrays.asList(more));
        Run run = Run.on(terminal, all.toArray());
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    static Set<String> commands() {
        return MainTest.commands();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void jsonOnStandardOutputIsOneDocumentAndNothingElse(String command) throws Exception {
        Run run = run(Terminal.NONE, command, "--json", "-");

        try (var values = new JsonMapper().readerFor(Map.class).readValues(run.out())) {
            assertThat(values.readAll()).hasSize(1);
        }
        assertThat(run.err()).doesNotContain(ESCAPE);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void quietSaysNothing(String command) {
        Run run = run(Terminal.NONE, command, "--quiet");

        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aTerminalWhoseUserWantsNoColourGetsNone(String command) {
        Run run = run(WITHOUT_COLOUR, command);

        assertThat(run.out()).isNotEmpty().doesNotContain(ESCAPE);
    }
}
