package dev.nibble.cli;

import dev.nibble.report.html.HtmlReport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What every command takes that can show its result as a page. */
final class PageOptions {
    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description =
                    "Write the result as one HTML page, too, that needs no network; see"
                            + " docs/report.md.")
    private @Nullable Path page;

    /**
     * Refuses a page that could not be written: to be called before any work.
     *
     * @param taken the files that the command reads or writes anyway
     * @throws dev.nibble.error.NibbleException naming the file and what to do
     */
    void check(boolean force, Path... taken) {
        if (page != null) {
            OutputFiles.check(page, force, taken);
        }
    }

    /** Whether a page was asked for. */
    boolean isWanted() {
        return page != null;
    }

    /** The files that a command takes with the page, if there is to be one. */
    Path[] and(Path... taken) {
        List<Path> all = new ArrayList<>(List.of(taken));
        if (page != null) {
            all.add(page);
        }
        return all.toArray(Path[]::new);
    }

    /**
     * Writes the page, if it was asked for.
     *
     * @param name of the run, for the title
     * @param data what {@code --json} writes
     */
    void write(String name, Map<String, ? extends @Nullable Object> data) {
        if (page != null) {
            HtmlReport.of(name, data).replace(page);
        }
    }
}
