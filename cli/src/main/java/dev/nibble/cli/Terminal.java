package dev.nibble.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What results and messages are shown on.
 *
 * @param out whether standard output is a terminal
 * @param err whether standard error is a terminal
 * @param mayColor whether the user has nothing against colours
 * @param width columns that a line of standard output may take
 */
record Terminal(boolean out, boolean err, boolean mayColor, int width) {
    /** Files and pipes: no colours, and no line is too long. */
    static final Terminal NONE = new Terminal(false, false, false, Integer.MAX_VALUE);

    private static final int DEFAULT_WIDTH = 100;
    private static final int LEAST_WIDTH = 40;
    private static final Path DEVICE = Path.of("/dev/tty");

    /** The one that this process was started on. */
    @SuppressWarnings("SystemConsoleNull") // of JDK 25 it is null again without a terminal
    static Terminal detect() {
        java.io.Console console = System.console();
        boolean out = console != null && console.isTerminal();
        boolean err = StandardError.isTerminal() || out;
        String noColor = System.getenv("NO_COLOR");
        boolean mayColor = noColor == null || noColor.isEmpty();
        return new Terminal(out, err, mayColor, out ? columns() : Integer.MAX_VALUE);
    }

    /** Whether words on standard output may be coloured. */
    boolean color() {
        return out && mayColor;
    }

    /** Whether words on standard error may be coloured. */
    boolean errColor() {
        return err && mayColor;
    }

    private static int columns() {
        int columns =
                number(System.getenv().getOrDefault("COLUMNS", ""))
                        .orElseGet(() -> deviceColumns().orElse(DEFAULT_WIDTH));
        return Math.max(LEAST_WIDTH, columns);
    }

    /**
     * Java does not know; {@code stty size} says rows and columns wherever there is a terminal
     * device.
     */
    private static OptionalInt deviceColumns() {
        if (!Files.isReadable(DEVICE)) {
            return OptionalInt.empty();
        }
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(DEVICE.toFile())
                            .redirectError(Redirect.DISCARD)
                            .start();
            try (InputStream said = stty.getInputStream()) {
                String[] words =
                        new String(said.readAllBytes(), StandardCharsets.US_ASCII)
                                .strip()
                                .split(" ");
                return words.length == 2 ? number(words[1]) : OptionalInt.empty();
            }
        } catch (IOException _) {
            // no such program: the default width will do
            return OptionalInt.empty();
        }
    }

    private static OptionalInt number(String text) {
        return text.matches("[1-9][0-9]{0,4}")
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }
}
