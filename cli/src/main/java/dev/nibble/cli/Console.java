package dev.nibble.cli;

import dev.nibble.engine.Progress;
import dev.nibble.formats.json.JsonText;

import java.io.PrintWriter;

/**
 * Where words go: results to standard output, notes and progress to standard error.
 *
 * <p>When standard output carries JSON it carries nothing else: the JSON is the result, and what
 * people would read is left out.
 *
 * @param quiet whether only errors and JSON are wanted
 * @param jsonOut whether standard output is for JSON
 */
record Console(
        PrintWriter out, PrintWriter err, Terminal terminal, boolean quiet, boolean jsonOut) {

    /** A line of the result. */
    void result(String line) {
        if (!quiet && !jsonOut) {
            out.println(line);
            out.flush();
        }
    }

    /** A line of the result, in an ink. */
    void result(Ink ink, String line) {
        result(ink.on(line, terminal.color()));
    }

    /** An empty line of the result. */
    void blank() {
        result("");
    }

    /** A table as part of the result. */
    void result(Table table) {
        table.lines(terminal.width(), terminal.color()).forEach(this::result);
    }

    /** Something to know that is not the result. */
    void note(String line) {
        if (!quiet) {
            err.println(line);
            err.flush();
        }
    }

    /** Something that is probably wrong. */
    void warn(String line) {
        if (!quiet) {
            err.println(Ink.YELLOW.on("nibble: warning: " + line, terminal.errColor()));
            err.flush();
        }
    }

    /** The result as JSON, on standard output. */
    void json(Object result) {
        out.println(JsonText.of(result));
        out.flush();
    }

    /** Who shows how far long work has come. */
    Progress progress() {
        return quiet ? Progress.NONE : new ProgressBars(err, terminal, System::nanoTime);
    }
}
