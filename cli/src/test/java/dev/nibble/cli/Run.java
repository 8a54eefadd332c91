package dev.nibble.cli;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a command line did, run in this process and not on a terminal. */
record Run(int exitCode, String out, String err) {
    /** Runs {@code nibble} with these words; paths are written out. */
    static Run of(Object... words) {
        return on(Terminal.NONE, words);
    }

    static Run on(Terminal terminal, Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(terminal, new Failures(false, () -> false));
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int exitCode = line.execute(Stream.of(words).map(Run::text).toArray(String[]::new));
        return new Run(exitCode, out.toString(), err.toString());
    }

    private static String text(Object word) {
        return word instanceof Path path ? path.toString() : String.valueOf(word);
    }

    List<String> outLines() {
        return out.lines().toList();
    }
}
