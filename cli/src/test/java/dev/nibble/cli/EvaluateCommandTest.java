package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.onnx.OnnxFormat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class EvaluateCommandTest {
    private static final int PER_CLASS = 4;

    @TempDir private Path folder;

    private Path model;
    private Path images;

    @BeforeEach
    void drawAndWrite() throws IOException {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        images = DrawnImages.inClassFolders(folder.resolve("images"), PER_CLASS);
    }

    /** The tiny network with a preprocessing in its metadata. */
    private Path remembering(String name, String preprocessing) {
        Path file = folder.resolve(name);
        new OnnxFormat()
                .write(
                        TinyNetworks.convolutional()
                                .withMetadata(Preprocessing.METADATA_KEY, preprocessing),
                        file);
        return file;
    }

    private Path quantized() {
        Path file = folder.resolve("tiny.int8.onnx");
        Run run = Run.of("quantize", model, "-o", file, "--data", images, "--preprocess", "unit");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        return file;
    }

    private static Run done(Object... words) {
        Run run = Run.of(Stream.concat(Stream.of("evaluate"), Arrays.stream(words)).toArray());
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        return run;
    }

    private static JsonNode json(Run run) throws IOException {
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void theFirstModelIsTheBaseline() throws IOException {
        Path small = quantized();

        JsonNode result = json(done(model, small, "--data", images, "--json", "-"));

        JsonNode baseline = result.at("/models/0");
        JsonNode other = result.at("/models/1");
        assertThat(result.get("models")).hasSize(2);
        assertThat(baseline.get("path").textValue()).isEqualTo(model.toString());
        assertThat(baseline.get("agreement").doubleValue()).isEqualTo(1);
        assertThat(baseline.get("sqnrDb").isNull()).isTrue();
        assertThat(baseline.get("top5").doubleValue()).isEqualTo(1);
        assertThat(other.get("path").textValue()).isEqualTo(small.toString());
        assertThat(other.get("sqnrDb").doubleValue()).isBetween(15.0, 80.0);
        assertThat(other.get("sizeBytes").longValue()).isEqualTo(Files.size(small));
        assertThat(other.at("/latencyMs/median").doubleValue()).isPositive();
        assertThat(other.at("/latencyMs/p95").doubleValue())
                .isGreaterThanOrEqualTo(other.at("/latencyMs/median").doubleValue());
        assertThat(other.get("preprocess").textValue()).isEqualTo("unit,resize=crop");
        assertThat(result.at("/samples/count").intValue())
                .isEqualTo(TinyNetworks.CLASSES * PER_CLASS);
        assertThat(result.at("/samples/labelled").intValue())
                .isEqualTo(TinyNetworks.CLASSES * PER_CLASS);
    }

    @Test
    void theResultIsATableWithARowForEveryModel() {
        Run run = done(model, model, "--data", images, "--preprocess", "unit");

        assertThat(run.outLines().getFirst())
                .contains("model", "top-1", "agree", "SQNR", "size", "p95", "memory");
        assertThat(run.outLines().subList(1, 3))
                .allSatisfy(line ->
                        assertThat(line)
                                .contains(
                                        model.toString(), "100.0 %", "exact", "1.000", " ms", "×"));
        assertThat(run.out())
                .contains("+0.0 ± 0.0 points against the baseline (0 samples lost, 0 gained");
    }

    @Test
    void preprocessingIsTheFlagBeforeWhatModelsSay() {
        Run run =
                done(
                        remembering("a.onnx", "tf"),
                        "--data",
                        images,
                        "--preprocess",
                        "unit,resize=exact");

        assertThat(run.out()).contains("images   unit,resize=exact (as given)");
    }

    @Test
    void aModelThatDoesNotKnowItsPreprocessingTakesThatOfAnother() {
        Path other = remembering("other.onnx", "tf");

        assertThat(done(model, other, "--data", images).out())
                .contains("images   tf,resize=crop (the metadata of %s)".formatted(other));
    }

    @Test
    void modelsMayHaveDifferentPreprocessing() throws IOException {
        Path unit = remembering("unit.onnx", "unit");
        Path tf = remembering("tf.onnx", "tf");

        assertThat(done(unit, tf, "--data", images).outLines())
                .contains(
                        "images   %s sees unit,resize=crop (the metadata of %s)"
                                .formatted(unit, unit))
                .contains("images   %s sees tf,resize=crop (the metadata of %s)".formatted(tf, tf));

        JsonNode second = json(done(unit, tf, "--data", images, "--json", "-")).at("/models/1");
        assertThat(second.get("preprocess").textValue()).isEqualTo("tf,resize=crop");
        assertThat(second.get("preprocessSource").textValue()).isEqualTo("the metadata of " + tf);
        assertThat(second.get("sqnrDb").isNumber()).isTrue();
    }

    @Test
    void withoutLabelsThereIsAgreementAlone() throws IOException {
        Path unlabelled = Files.createDirectory(folder.resolve("unlabelled"));
        Files.copy(images.resolve("class0/0.png"), unlabelled.resolve("0.png"));
        Files.copy(images.resolve("class1/0.png"), unlabelled.resolve("1.png"));

        JsonNode entry =
                json(done(model, "--data", unlabelled, "--preprocess", "unit", "--json", "-"))
                        .at("/models/0");

        assertThat(entry.get("top1").isNull()).isTrue();
        assertThat(entry.get("top5").isNull()).isTrue();
        assertThat(entry.get("agreement").doubleValue()).isEqualTo(1);
    }

    @Test
    void scoresDoNotDependOnThreadsAndBatch() throws IOException {
        Path small = quantized();
        JsonNode one = scores(small, "--threads", 1, "--batch", 1);

        assertThat(scores(small, "--threads", 2, "--batch", 1)).isEqualTo(one);
        assertThat(scores(small, "--threads", 1, "--batch", 16)).isEqualTo(one);
    }

    private JsonNode scores(Path other, Object... options) throws IOException {
        Object[] words =
                Stream.concat(
                                Stream.of(model, other, "--data", images, "--json", "-"),
                                Arrays.stream(options))
                        .toArray();
        JsonNode result = json(done(words));
        // holds the command line, which differs
        ((ObjectNode) result).remove("provenance");
        result.get("models")
                .forEach(entry -> {
                    ((ObjectNode) entry.get("energy")).remove("measuredJoules");
                    ((ObjectNode) entry)
                            .remove(
                                    List.of(
                                            "latencyMs",
                                            "latencyAllThreadsMs",
                                            "samplesPerSecond",
                                            "loadMs",
                                            "peakMemoryBytes"));
                });
        return result;
    }

    @Test
    void aPriceTellsWhatAMillionSamplesCost() throws IOException {
        JsonNode result =
                json(
                        done(
                                model,
                                "--data",
                                images,
                                "--preprocess",
                                "unit",
                                "--price",
                                0.34,
                                "--json",
                                "-"));

        double perSecond = result.at("/models/0/samplesPerSecond").doubleValue();
        assertThat(result.get("pricePerHour").doubleValue()).isEqualTo(0.34);
        assertThat(result.at("/models/0/costPerMillion").doubleValue())
                .isEqualTo(1e6 / perSecond * 0.34 / 3600, Offset.offset(1e-9));
        assertThat(done(model, "--data", images, "--preprocess", "unit", "--price", 0.34).out())
                .contains("per million", "of a million samples at 0.34 for an hour");
    }

    @Test
    void theTaskIsToldAndCanBeTakenForAnother() throws IOException {
        Path small = quantized();

        assertThat(done(model, small, "--data", images).out())
                .contains(
                        "task     classification: the first output is [1", "--task takes another");
        Run run = done(model, small, "--data", images, "--task", "embedding");
        assertThat(run.out()).contains("task     embedding: as given", "same nearest sample ");
        JsonNode result =
                json(done(model, small, "--data", images, "--task", "embedding", "--json", "-"));
        assertThat(result.at("/task/name").textValue()).isEqualTo("embedding");
        assertThat(result.at("/models/1/taskMeasures/cosine/value").doubleValue())
                .isBetween(0.9, 1.0);
    }

    @Test
    void aTaskThatIsUnknownOrDoesNotFitIsRefused() {
        Run unknown = Run.of("evaluate", model, "--data", images, "--task", "guessing");
        assertThat(unknown.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(unknown.err())
                .contains("--task guessing is unknown; give one of auto, classification, ");
        Run unfit =
                Run.of(
                        "evaluate",
                        model,
                        "--data",
                        images,
                        "--preprocess",
                        "unit",
                        "--task",
                        "segmentation");
        assertThat(unfit.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(unfit.err()).contains("cannot be for segmentation");
    }

    @Test
    void labelledSamplesAreToldClassByClass() throws IOException {
        JsonNode result =
                json(done(model, model, "--data", images, "--preprocess", "unit", "--json", "-"));

        JsonNode rows = result.at("/models/1/classes/rows");
        assertThat(rows).hasSize(TinyNetworks.CLASSES);
        assertThat(rows.get(1).get("samples").intValue()).isEqualTo(PER_CLASS);
        assertThat(rows.get(1).get("before")).isEqualTo(rows.get(1).get("after"));
        assertThat(result.at("/models/1/classes/turned")).isEmpty();
    }

    @Test
    void aPriceThatIsNoneIsRefused() {
        for (String price : List.of("0", "-1", "NaN", "Infinity")) {
            Run run = Run.of("evaluate", model, "--data", images, "--price", price);
            assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
            assertThat(run.err()).contains("is no price of an hour; give one above 0, as in 0.34");
        }
    }

    @Test
    void theEnergyOfANetworkWithOpenSizesIsThatOfItsSamples() throws IOException {
        JsonNode result =
                json(done(model, "--data", images, "--preprocess", "unit", "--json", "-"));

        JsonNode estimate = result.at("/models/0/energy/estimate");
        assertThat(estimate.get("notCounted")).isEmpty();
        assertThat(estimate.at("/multiplyAdds/float32").longValue()).isPositive();
        assertThat(estimate.get("low").doubleValue()).isPositive();
    }

    @Test
    void aLimitThatIsMissedIsExitCode3() {
        Path unit = remembering("unit.onnx", "unit");
        Path tf = remembering("tf.onnx", "tf");

        Run missed = Run.of("evaluate", unit, tf, "--data", images, "--min-sqnr", 100, "--quiet");
        assertThat(missed.exitCode()).isEqualTo(ExitCodes.LIMIT_MISSED);
        assertThat(missed.err())
                .startsWith("nibble: " + tf + ": SQNR ")
                .contains("is below --min-sqnr 100.0");

        done(
                unit,
                unit,
                "--data",
                images,
                "--min-sqnr",
                100,
                "--min-agreement",
                1,
                "--max-top1-loss",
                0);
    }
}
