package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Real networks in 4 bits, where they are at hand: they load, run, and are as small as promised.
 */
class FourBitModelsTest {
    private static final int SAMPLES = 2;
    private static final String ALL_LAYERS =
            "{\"weights\": {\"format\": \"int4\"}, \"edges\": \"same\"}";

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "mobilenet_v2_imagenet, imagenet/calibrate, 0.185, 0.186, 0.201, 0.14",
        "squeezenet_1_1_imagenet, imagenet/calibrate, 0.19, 0.19, 0.203, 0.14",
        "resnet20_cifar10, cifar10/cifar10-test.zip, 0.18, 0.19, 0.18, 0.18",
        "mobilenetv2_cifar10, cifar10/cifar10-test.zip, 0.185, 0.185, 0.19, 0.185"
    })
    void everyRecipeOfFourBitsMakesASmallNetworkThatRuns(
            String name,
            String data,
            double w4a8,
            double otherActivations,
            double weightsOnly,
            double allLayers)
            throws IOException {
        Path model = SharedFiles.get("models/" + name + ".onnx");
        Path samples = SharedFiles.get("data/" + data);
        Path everywhere = Files.writeString(folder.resolve("everywhere.json"), ALL_LAYERS);
        assertRuns(model, samples, "w4a8", w4a8);
        assertRuns(model, samples, "w4a16", otherActivations);
        assertRuns(model, samples, "w4a4", otherActivations);
        assertRuns(model, samples, "int4-weights", weightsOnly);
        assertRuns(model, samples, everywhere, allLayers);
    }

    private void assertRuns(Path model, Path samples, Object recipe, double ratio)
            throws IOException {
        Path output = folder.resolve("out.onnx");
        String look =
                model.toString().contains("mobilenet_v2")
                        ? "tf,resize=exact"
                        : "imagenet,resize=exact";
        List<Object> words =
                new ArrayList<>(
                        List.of("quantize", model, "-o", output, "--data", samples, "--samples"));
        words.addAll(
                List.of(
                        SAMPLES,
                        "--preprocess",
                        look,
                        "--recipe",
                        recipe,
                        "--json",
                        "-",
                        "--force",
                        "--allow-damage"));
        Run run = Run.of(words.toArray());
        assertThat(run.exitCode()).as("%s %s: %s", model, recipe, run.err()).isEqualTo(0);
        JsonNode report = new ObjectMapper().readTree(run.out());
        // the quantized network itself has run on the samples
        assertThat(report.at("/error/samples").intValue()).isEqualTo(SAMPLES);
        assertThat(report.at("/error/sqnrDb").isNumber()).isTrue();
        assertThat((double) Files.size(output) / Files.size(model))
                .as("%s %s", model, recipe)
                .isLessThanOrEqualTo(ratio);
    }
}
