package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class RandomDataTest {
    @TempDir private Path folder;

    private Path model;
    private Path output;

    @BeforeEach
    void write() {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        output = folder.resolve("small.onnx");
    }

    @Test
    void calibratesOnInputsMadeUpAndSaysSo() throws IOException {
        Run run = Run.of("quantize", model, "-o", output, "--data", "random:12");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(run.err())
                .contains("12 generated inputs (random numbers, seed 0)", "nothing about accuracy");
        byte[] first = Files.readAllBytes(output);
        Run again = Run.of("quantize", model, "-o", output, "--data", "random:12", "--force");
        assertThat(again.exitCode()).as(again.err()).isEqualTo(ExitCodes.DONE);
        assertThat(output).hasBinaryContent(first);
        Run other =
                Run.of(
                        "quantize",
                        model,
                        "-o",
                        output,
                        "--data",
                        "random:12",
                        "--force",
                        "--seed",
                        1);
        assertThat(other.exitCode()).as(other.err()).isEqualTo(ExitCodes.DONE);
        assertThat(Files.readAllBytes(output)).isNotEqualTo(first);
    }

    @Test
    void evaluatesOnInputsMadeUp() {
        Run made = Run.of("quantize", model, "-o", output, "--data", "random");
        assertThat(made.exitCode()).as(made.err()).isEqualTo(ExitCodes.DONE);
        Run run = Run.of("evaluate", model, output, "--data", "random:5");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(run.err() + run.out()).contains("5 generated inputs");
    }

    @ParameterizedTest
    @CsvSource({
        "random:0, --quiet, , no inputs at all",
        "random, --samples, 3, --data random:3",
        "random, --preprocess, unit, inputs of images",
        "randomly, --quiet, , there is no data at randomly"
    })
    void saysWhatIsWrongWithTheOptions(String data, String option, String value, String said) {
        Run run =
                value == null
                        ? Run.of("quantize", model, "-o", output, "--data", data, option)
                        : Run.of("quantize", model, "-o", output, "--data", data, option, value);
        assertThat(run.exitCode()).isNotEqualTo(ExitCodes.DONE);
        assertThat(run.err()).contains(said);
        assertThat(output).doesNotExist();
    }
}
