package dev.nibble.formats.json;

import dev.nibble.Quantized;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.plan.Recipe;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A quantized network on disk, beside the float one that it was made of.
 *
 * @param model the float network
 * @param output the quantized one
 * @param floatBytes size of the float network, with the files that hold tensors for it
 * @param quantizedBytes size of the quantized one, likewise
 * @param recipe what was asked for
 * @param chosen why that recipe was taken, if nobody asked for one
 * @param preprocess what made the samples out of images, if they were images
 * @param seconds how long reading, quantizing and writing took
 */
public record WrittenNetwork(
        Path model,
        Path output,
        long floatBytes,
        long quantizedBytes,
        Recipe recipe,
        Optional<String> chosen,
        Optional<String> preprocess,
        double seconds) {
    /**
     * Looks at what {@link Quantized#write} left.
     *
     * @throws NibbleException if a file cannot be looked at
     */
    public static WrittenNetwork of(
            Quantized quantized,
            Path model,
            Path output,
            Recipe recipe,
            Optional<String> chosen,
            double seconds) {
        return new WrittenNetwork(
                model,
                output,
                FileSizes.bytes(quantized.format(), model),
                FileSizes.bytes(quantized.format(), output),
                recipe,
                chosen,
                Optional.ofNullable(quantized.model().metadata().get(Preprocessing.METADATA_KEY)),
                seconds);
    }

    /** How large the quantized network is, the float one being 1. */
    public double ratio() {
        return (double) quantizedBytes / floatBytes;
    }
}
