package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What commands write with {@code --json} is what {@code docs/report.schema.json} says. */
class ReportSchemaTest {
    @TempDir private Path folder;

    private static List<String> complaints(String json) throws IOException {
        String text = Files.readString(Path.of("../docs/report.schema.json"));
        Schema schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(text, InputFormat.JSON);
        return schema.validate(json, InputFormat.JSON).stream().map(Error::toString).toList();
    }

    private String quantized(Path page, Object... more) throws IOException {
        Path json = folder.resolve("report.json");
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "quantize",
                                TinyNetworks.write(folder.resolve("tiny.onnx")),
                                "-o",
                                folder.resolve("small.onnx"),
                                "--json",
                                json,
                                "--report",
                                page));
        words.addAll(List.of(more));
        Run run = Run.of(words.toArray());
        assertThat(run.exitCode()).as(run.err()).isIn(ExitCodes.DONE, ExitCodes.LIMIT_MISSED);
        return Files.readString(json);
    }

    @Test
    void aQuantizationOnSamplesIsAsTheSchemaSays() throws IOException {
        Path images = DrawnImages.inClassFolders(folder.resolve("images"), 3);
        String json = quantized(folder.resolve("p.html"), "--data", images, "--preprocess", "unit");
        assertThat(complaints(json)).isEmpty();
        assertThat(complaints(json.replace("\"quantization\"", "\"other\""))).isNotEmpty();
        assertThat(complaints(json.replace("\"histogram\"", "\"histogramm\""))).isNotEmpty();
    }

    @Test
    void aSearchForFormatsIsAsTheSchemaSays() throws IOException {
        Path images = DrawnImages.inClassFolders(folder.resolve("images"), 3);
        String json =
                quantized(
                        folder.resolve("p.html"),
                        "--data",
                        images,
                        "--preprocess",
                        "unit",
                        "--recipe",
                        "w4a8",
                        "--min-sqnr",
                        "200",
                        "--allow-miss");
        assertThat(json).contains("\"front\"");
        assertThat(complaints(json)).isEmpty();
    }

    @Test
    void aQuantizationWithoutSamplesIsAsTheSchemaSays() throws IOException {
        String json = quantized(folder.resolve("p.html"), "--recipe", "int8-weights");
        assertThat(complaints(json)).isEmpty();
    }

    @Test
    void anEvaluationIsAsTheSchemaSays() throws IOException {
        Path network = TinyNetworks.write(folder.resolve("tiny.onnx"));
        Path images = DrawnImages.inClassFolders(folder.resolve("images"), 3);
        Path json = folder.resolve("evaluation.json");
        Run run =
                Run.of(
                        "evaluate",
                        network,
                        network,
                        "--data",
                        images,
                        "--preprocess",
                        "unit",
                        "--json",
                        json);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(complaints(Files.readString(json))).isEmpty();
    }

    @Test
    void aComparisonIsAsTheSchemaSaysAndGoesIntoThePageOfAQuantization() throws IOException {
        Path images = DrawnImages.inClassFolders(folder.resolve("images"), 3);
        quantized(folder.resolve("p.html"), "--data", images, "--preprocess", "unit");
        Path json = folder.resolve("compared.json");
        Run compared =
                Run.of(
                        "compare",
                        folder.resolve("tiny.onnx"),
                        folder.resolve("small.onnx"),
                        "--data",
                        images,
                        "--json",
                        json);
        assertThat(compared.exitCode()).as(compared.err()).isEqualTo(ExitCodes.DONE);
        assertThat(complaints(Files.readString(json))).isEmpty();

        Path page = folder.resolve("both.html");
        Run both = Run.of("report", folder.resolve("report.json"), json, "-o", page);
        assertThat(both.exitCode()).as(both.err()).isEqualTo(ExitCodes.DONE);
        assertThat(Files.readString(page)).contains("\"kind\":\"comparison\"");
        Run alone = Run.of("report", json, "-o", folder.resolve("alone.html"));
        assertThat(alone.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(alone.err()).contains("is a comparison layer by layer", "nibble quantize");
    }

    @Test
    void aPageHoldsTheJsonAsItIsAndNoOtherNumbers() throws IOException {
        Path page = folder.resolve("p.html");
        String json = quantized(page, "--recipe", "int8-weights");
        String html = Files.readString(page);
        String begin = "<script type=\"application/json\" class=\"run\" data-name=\"small.onnx\">";
        int at = html.indexOf(begin) + begin.length();
        String held = html.substring(at, html.indexOf("</script>", at));
        ObjectMapper mapper = new ObjectMapper();
        assertThat(mapper.readTree(held)).isEqualTo(mapper.readTree(json));
        String bare =
                html.replaceAll("(?s)<script.*?</script>|<style>.*?</style>|<head>.*?</head>", "");
        assertThat(bare.replaceAll("(?s)<[^>]*>", "")).doesNotContainPattern("\\d");
    }

    @Test
    void aPageThatExistsIsReplacedOnlyOnPurpose() throws IOException {
        Path page = Files.writeString(folder.resolve("p.html"), "mine");
        Path network = TinyNetworks.write(folder.resolve("tiny.onnx"));
        Path output = folder.resolve("small.onnx");
        Object[] words = {
            "quantize", network, "-o", output, "--recipe", "int8-weights", "--report", page
        };
        Run refused = Run.of(words);
        assertThat(refused.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(refused.err()).contains("p.html exists").contains("--force");
        assertThat(page).hasContent("mine");
        assertThat(output).doesNotExist();
    }

    @Test
    void whatIsNoReportIsRefused() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{\"name\": \"int8\"}");
        Run run = Run.of("report", other, "-o", folder.resolve("p.html"));
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("other.json is no report").contains("--json");
        assertThat(folder.resolve("p.html")).doesNotExist();
    }
}
