package dev.nibble.examples.large;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.cli.Main;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Networks and processes whose heap is a fifth of them. */
class LargeNetworkTest {
    private static final int WIDTH = 1024;
    private static final int LAYER_MEGABYTES = 4;
    private static final int[] KILLED_AFTER_TENTHS = {3, 10, 17, 24, 31};

    @TempDir private static Path folder;

    @CsvSource({"int8-weights, 300, 64", "int4-weights, 60, 32"})
    @ParameterizedTest
    void isQuantizedWithAHeapOfAFifth(String recipe, int megabytes, int heapMegabytes)
            throws IOException, InterruptedException {
        Path network = network(recipe + "-given.onnx", megabytes);
        Path out = folder.resolve(recipe + ".onnx");
        Process process = quantize(recipe, network, out, heapMegabytes);
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isZero();
        assertThat(said()).contains("a check would load them into memory");
        assertThat(CodeCheck.check(network, out))
                .isEqualTo((long) megabytes / LAYER_MEGABYTES * WIDTH * WIDTH);
    }

    @Test
    void aProcessThatIsKilledLeavesAWholeNetworkOrNone() throws IOException, InterruptedException {
        Path network = network("killed-given.onnx", 96);
        Path out = folder.resolve("killed.onnx");
        for (int tenths : KILLED_AFTER_TENTHS) {
            Process process = quantize("int8-weights", network, out, 64);
            boolean ended = process.waitFor(tenths * 100L, TimeUnit.MILLISECONDS);
            int _ = process.destroyForcibly().waitFor();
            if (Files.exists(out)) {
                assertThat(CodeCheck.check(network, out)).isEqualTo(24L * WIDTH * WIDTH);
            }
            if (ended) {
                return;
            }
        }
    }

    private static Path network(String name, int megabytes) {
        Path network = folder.resolve(name);
        LargeNetwork.write(network, (long) megabytes << 20, WIDTH);
        return network;
    }

    private static Process quantize(String recipe, Path network, Path out, int heapMegabytes)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xmx" + heapMegabytes + "m", "--add-modules", "jdk.incubator.vector"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("quantize", network.toString(), "-o", out.toString()));
        command.addAll(List.of("--recipe", recipe, "--force"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.txt").toFile())
                .start();
    }

    private static String said() throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("said.txt"))) {
            return String.join("\n", lines.limit(2_000).toList());
        }
    }
}
