package dev.nibble.report.html;

import dev.nibble.Quantized;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.TextFile;
import dev.nibble.formats.json.JsonText;
import dev.nibble.formats.json.ReportFile;
import dev.nibble.formats.json.ReportJson;
import dev.nibble.formats.json.WrittenNetwork;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A report as one HTML page: the JSON of one or several runs, and the script that draws it.
 *
 * <pre>{@code
 * Quantized quantized = network.quantize(Recipes.INT8, samples);
 * quantized.write(output);
 * HtmlReport.of(quantized, network.source(), output).write(Path.of("report.html"));
 * }</pre>
 *
 * <p>The page says nothing that is not in the JSON, which it holds as it was given.
 *
 * @param title what the page is called
 * @param runs what it shows; several are laid side by side
 */
public record HtmlReport(String title, List<Run> runs) {
    /**
     * What one command found out.
     *
     * @param name what it is called beside others
     * @param json its report, as {@code docs/report-json.md} describes it
     */
    public record Run(String name, String json) {}

    public HtmlReport {
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a report shows at least one run");
        }
    }

    /**
     * The report of a network that has been quantized and written.
     *
     * @param model the file of the float network
     * @param output the file that was written
     * @throws NibbleException if one of the files cannot be read
     */
    public static HtmlReport of(Quantized quantized, Path model, Path output) {
        WrittenNetwork written = WrittenNetwork.of(quantized, model, output);
        return of(
                String.valueOf(output.getFileName()), ReportJson.data(quantized.report(), written));
    }

    /**
     * The page of what {@code --json} writes.
     *
     * @param name of the run, for the title
     */
    public static HtmlReport of(String name, Map<String, ? extends @Nullable Object> data) {
        return new HtmlReport(name, List.of(new Run(name, JsonText.compact(data))));
    }

    /**
     * The page of JSON files that were written before.
     *
     * @throws NibbleException if one is no report, or all are comparisons; the message names it
     */
    public static HtmlReport read(List<Path> files) {
        List<ReportFile> reports = files.stream().map(ReportFile::read).toList();
        if (reports.stream().allMatch(report -> report.kind().equals(ReportFile.COMPARISON))) {
            throw new NibbleException(
                    "%s is a comparison layer by layer, which is drawn into the page of a quantization; give the JSON of nibble quantize before it"
                            .formatted(files.getFirst()));
        }
        List<Run> runs =
                reports.stream()
                        .map(report -> new Run(name(report.file()), report.json()))
                        .toList();
        return new HtmlReport(String.join(" | ", runs.stream().map(Run::name).toList()), runs);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
    }

    /** The whole page. */
    public String html() {
        return Page.of(this);
    }

    /**
     * Writes the page to a new file.
     *
     * @throws NibbleException if the file exists or cannot be written; nothing is left half-written
     */
    public void write(Path file) {
        if (Files.exists(file)) {
            throw new NibbleException(
                    file + " exists; choose another name or replace it on purpose");
        }
        replace(file);
    }

    /** Writes the page in the place of an existing file, if there is one. */
    public void replace(Path file) {
        TextFile.write(file, html());
    }
}
