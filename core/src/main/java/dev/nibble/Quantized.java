package dev.nibble;

import dev.nibble.engine.ModelFormat;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.plan.SavedPlan;
import dev.nibble.report.Report;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A quantized network and the report of how it came about.
 *
 * @param format writes it down
 * @param plan everything that was decided; {@code Nibble.quantize} replays it
 */
public record Quantized(Model model, Report report, ModelFormat format, SavedPlan plan) {
    /**
     * Writes the network to a new file.
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

    /** Writes the network in the place of an existing file, if there is one. */
    public void replace(Path file) {
        format.write(model, file);
    }
}
