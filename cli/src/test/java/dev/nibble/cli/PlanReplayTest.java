package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A saved plan of a real network, where it is at hand, makes the same bytes again. */
class PlanReplayTest {
    private static final int SAMPLES = 20;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--recipe w4a8 --effort quick",
                "--recipe int8 --effort good",
                "--recipe w4a4 --effort quick --max-size 0.25"
            })
    void aReplayMakesTheSameBytes(String options) {
        Path model = SharedFiles.get("models/mobilenetv2_cifar10.onnx");
        Path data = SharedFiles.get("data/cifar10/cifar10-test.zip");
        Path output = folder.resolve("out.onnx");
        Path again = folder.resolve("again.onnx");
        Path plan = folder.resolve("plan.json");
        quantize(model, data, output, options + " --threads 2 --save-plan " + plan);
        quantize(model, data, again, "--threads 1 --plan " + plan);
        assertThat(again).hasSameBinaryContentAs(output);
    }

    private static void quantize(Path model, Path data, Path output, String more) {
        Stream<Object> words =
                Stream.concat(
                        List.<Object>of(
                                "quantize",
                                model,
                                "-o",
                                output,
                                "--data",
                                data,
                                "--samples",
                                SAMPLES,
                                "--preprocess",
                                "imagenet,resize=exact")
                                .stream(),
                        Stream.of((Object[]) more.split(" ")));
        Run run = Run.of(words.toArray());
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
    }
}
