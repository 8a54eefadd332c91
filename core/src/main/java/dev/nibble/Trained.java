package dev.nibble;

import dev.nibble.engine.ModelFormat;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.train.EpochResult;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A network that was trained, and how that went.
 *
 * @param model the network of the best epoch
 * @param quantized the same with its report; empty for a network that stayed float. Its plan has
 *     the formats and ranges that were learned, and replayed gives the network before training
 * @param start how good the network was before training
 * @param epochs in order
 * @param best the epoch whose network this is, counted from 1; 0 if none was better than the start
 * @param format writes it down
 */
public record Trained(
        Model model,
        Optional<Quantized> quantized,
        EpochResult start,
        List<EpochResult> epochs,
        int best,
        ModelFormat format) {
    public Trained {
        epochs = List.copyOf(epochs);
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
        format.write(model, file);
    }
}
