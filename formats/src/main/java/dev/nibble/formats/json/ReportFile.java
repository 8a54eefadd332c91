package dev.nibble.formats.json;

import dev.nibble.error.NibbleException;

import java.nio.file.Path;
import java.util.List;

/**
 * A report that a command wrote with {@code --json}.
 *
 * @param file where it is
 * @param kind what wrote it
 * @param json the text, on one line
 */
public record ReportFile(Path file, String kind, String json) {
    /** A report that only adds to that of a quantization. */
    public static final String COMPARISON = "comparison";

    /** What reports are about. */
    public static final List<String> KINDS =
            List.of("quantization", "evaluation", "training", COMPARISON);

    /**
     * Reads a report.
     *
     * @throws NibbleException if it cannot be read, or is JSON of something else
     */
    public static ReportFile read(Path file) {
        JsonFields fields = JsonFields.read(file);
        String kind = fields.text("kind").orElse("");
        if (!KINDS.contains(kind)) {
            throw new NibbleException(
                    "%s is no report (its field \"kind\" is %s, not one of %s); give what quantize, train, evaluate or compare wrote with --json"
                            .formatted(
                                    file,
                                    kind.isEmpty() ? "missing" : '"' + kind + '"',
                                    String.join(", ", KINDS)));
        }
        return new ReportFile(file, kind, fields.node().toString());
    }
}
