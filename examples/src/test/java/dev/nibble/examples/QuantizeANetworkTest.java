package dev.nibble.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.Nibble;
import dev.nibble.error.NibbleException;
import dev.nibble.report.Report;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

class QuantizeANetworkTest {
    private static final String DEMO = "/dev/nibble/cli/demo/";

    @TempDir private Path folder;

    @Test
    void fiveLinesMakeANetworkEightBit() throws IOException {
        Path model = unpackModel();
        Path out = folder.resolve("mobilenet.int8.onnx");

        Report report =
                QuantizeANetwork.run(model, unpackCalibrationImages(), "tf,resize=exact", out);

        assertThat(report.count("quantized")).isGreaterThan(10);
        assertThat(report.error().agreement().orElseThrow()).isGreaterThan(0.8);
        assertThat(Files.size(out)).isLessThan(Files.size(model) / 2);
        assertThat(Nibble.read(out).model().opset()).isGreaterThanOrEqualTo(13);
    }

    @Test
    void aFileThatExistsIsNotReplaced() throws IOException {
        Path model = unpackModel();
        Path images = unpackCalibrationImages();

        assertThatThrownBy(() -> QuantizeANetwork.run(model, images, "tf,resize=exact", model))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("exists");
    }

    private Path unpackModel() throws IOException {
        Path model = folder.resolve("mobilenet.onnx");
        try (InputStream resource = resource("mobilenet.onnx")) {
            Files.copy(resource, model);
        }
        return model;
    }

    private Path unpackCalibrationImages() throws IOException {
        Path images = folder.resolve("images");
        try (ZipInputStream zip = new ZipInputStream(resource("images.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().startsWith("calibrate/") && !entry.isDirectory()) {
                    Path target = images.resolve(entry.getName());
                    Files.createDirectories(Objects.requireNonNull(target.getParent()));
                    Files.copy(zip, target);
                }
            }
        }
        return images;
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(
                QuantizeANetworkTest.class.getResourceAsStream(DEMO + name),
                () -> name + " is not on the class path");
    }
}
