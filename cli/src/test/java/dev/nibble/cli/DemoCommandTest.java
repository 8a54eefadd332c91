package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class DemoCommandTest {
    @TempDir private Path folder;

    @Test
    void itShowsThatACarefulQuantizationKeepsWhatACarelessOneLoses() throws IOException {
        Path example = folder.resolve("example");
        Path report = folder.resolve("demo.json");

        Run run = Run.of("demo", "-o", example, "--json", report);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(
                        run.out()
                                .lines()
                                .filter(line ->
                                        line.matches(".*(float|careless|nibble) +\\d.*%.*")))
                .hasSize(6)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(run.out())
                .contains(
                        "nibble quantize model.onnx",
                        "nibble evaluate model.onnx",
                        example.toString());
        JsonNode networks = new ObjectMapper().readTree(report.toFile()).get("networks");
        assertThat(networks.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("resnet", "mobilenet");
        for (JsonNode network : networks) {
            JsonNode models = network.get("models");
            assertThat(models.get(0).get("top1").doubleValue()).isGreaterThan(0.9);
            assertThat(models.get(2).get("agreement").doubleValue()).isGreaterThan(0.95);
            assertThat(models.get(2).get("sqnrDb").doubleValue())
                    .isGreaterThan(models.get(1).get("sqnrDb").doubleValue());
        }
        assertThat(example.resolve("resnet.int8.onnx")).exists();
        assertThat(example.resolve("mobilenet.int8-per-tensor.onnx")).exists();
        assertThat(example.resolve("calibrate")).isDirectory();
    }

    @Test
    void itLeavesAFolderWithFilesAlone() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.txt"), "mine");
        Run run = Run.of("demo", "-o", folder);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err())
                .isEqualToIgnoringNewLines(
                        "nibble: %s is not empty; name a folder that does not exist yet"
                                .formatted(folder));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(mine);
        }
    }

    @Test
    void itDoesNotTakeAFileForAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.txt"), "mine");
        Run run = Run.of("demo", "-o", file);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("is a file; name a folder");
    }
}
