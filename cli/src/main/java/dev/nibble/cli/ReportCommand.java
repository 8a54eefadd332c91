package dev.nibble.cli;

import dev.nibble.report.html.HtmlReport;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code nibble report}: the JSON of one or several runs as one page. */
@Command(
        name = "report",
        header = "Show the JSON of runs as one HTML page.",
        customSynopsis = "nibble report JSON... -o PAGE.html [OPTION]...",
        description = {
            "%nTakes what quantize, train, evaluate and compare wrote with --json and lays it side"
                + " by side on a page that needs no network. An evaluation adds speed, memory and"
                + " energy to the quantization of the same file.%n"
        },
        footer = {
            "",
            "Examples:",
            "  nibble report quantized.json -o report.html",
            "  nibble report int8.json w4a8.json -o both.html",
            "  nibble report int8.json evaluation.json -o measured.html",
            "",
            "What the page shows: docs/report.md"
        })
final class ReportCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "JSON",
            description = "Files that --json wrote; the first is shown first.")
    private List<Path> files = List.of();

    @Mixin private WriteOptions write;

    @Mixin private OutputOptions options;

    @Override
    public Integer call() {
        write.check(options, files.toArray(Path[]::new));
        options.check(
                Stream.concat(files.stream(), Stream.of(write.output())).toArray(Path[]::new));
        HtmlReport report = HtmlReport.read(files);
        report.replace(write.output());
        options.console().result("wrote  " + write.output());
        options.writeJson(
                Map.of(
                        "page",
                        write.output(),
                        "runs",
                        report.runs().stream().map(HtmlReport.Run::name).toList()));
        return ExitCodes.DONE;
    }
}
