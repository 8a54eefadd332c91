package dev.nibble;

import dev.nibble.engine.ModelFormat;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.lower.Dequantization;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A network that is float again.
 *
 * @param result the network and what was done for it
 * @param format writes it down
 */
public record Dequantized(Dequantization.Result result, ModelFormat format) {
    /** The float network. */
    public Model model() {
        return result.model();
    }

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
        format.write(model(), file);
    }
}
