package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real network on real photos, where these are at hand. */
class RealModelTest {
    @TempDir private Path folder;

    @Test
    void mobileNetStaysItselfInAQuarterOfTheSize() throws IOException {
        Path model = SharedFiles.get("models/mobilenet_v2_imagenet.onnx");
        Path photos = SharedFiles.get("data/imagenet/calibrate");
        Path output = folder.resolve("mobilenet.int8.onnx");

        Run run =
                Run.of(
                        "quantize",
                        model,
                        "-o",
                        output,
                        "--data",
                        photos,
                        "--preprocess",
                        "tf,resize=exact",
                        "--samples",
                        20,
                        "--json",
                        "-");

        assertThat(run.err()).doesNotContain("nibble:");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("nodes")).hasSize(100);
        assertThat(report.at("/error/samples").intValue()).isEqualTo(4);
        assertThat(report.at("/error/agreement").doubleValue()).isGreaterThanOrEqualTo(0.75);
        assertThat(report.at("/error/sqnrDb").doubleValue()).isGreaterThan(12);
        assertThat(Files.size(output)).isLessThan((long) (0.28 * Files.size(model)));
    }
}
