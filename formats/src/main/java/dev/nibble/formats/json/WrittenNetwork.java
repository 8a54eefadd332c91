package dev.nibble.formats.json;

import dev.nibble.FileHash;
import dev.nibble.Quantized;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.SavedPlan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A quantized network on disk, beside the float one that it was made of.
 *
 * @param model the float network
 * @param output the quantized one
 * @param floatBytes size of the float network, with the files that hold tensors for it
 * @param quantizedBytes size of the quantized one, likewise
 * @param modelSha256 what tells the files of the float network from others, in hexadecimal
 * @param outputSha256 the same of the quantized network
 * @param recipe what was asked for
 * @param chosen why that recipe was taken, if nobody asked for one
 * @param plan everything that was decided
 * @param preprocess what made the samples out of images, if they were images
 * @param seconds how long reading, quantizing and writing took
 * @param origin which program wrote it, and at what words
 */
public record WrittenNetwork(
        Path model,
        Path output,
        long floatBytes,
        long quantizedBytes,
        String modelSha256,
        String outputSha256,
        Recipe recipe,
        Optional<String> chosen,
        SavedPlan plan,
        Optional<String> preprocess,
        double seconds,
        Origin origin) {
    /**
     * Looks at what {@link Quantized#write} left.
     *
     * @throws NibbleException if a file cannot be looked at
     */
    public static WrittenNetwork of(Quantized quantized, Path model, Path output) {
        return of(
                quantized,
                model,
                output,
                quantized.plan().recipe(),
                Optional.empty(),
                Double.NaN,
                Origin.LIBRARY);
    }

    /**
     * The same, made by a program that can say how.
     *
     * @param chosen why the recipe was taken, if nobody asked for one
     * @throws NibbleException if a file cannot be looked at
     */
    public static WrittenNetwork of(
            Quantized quantized,
            Path model,
            Path output,
            Recipe recipe,
            Optional<String> chosen,
            double seconds,
            Origin origin) {
        return new WrittenNetwork(
                model,
                output,
                FileSizes.bytes(quantized.format(), model),
                FileSizes.bytes(quantized.format(), output),
                quantized.plan().network(),
                FileHash.sha256(quantized.format().files(output)),
                recipe,
                chosen,
                quantized.plan(),
                Optional.ofNullable(quantized.model().metadata().get(Preprocessing.METADATA_KEY)),
                seconds,
                origin);
    }

    /** How large the quantized network is, the float one being 1. */
    public double ratio() {
        return (double) quantizedBytes / floatBytes;
    }
}
