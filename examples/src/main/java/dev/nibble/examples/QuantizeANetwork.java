package dev.nibble.examples;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.engine.Samples;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.plan.Recipes;
import dev.nibble.report.Report;

import java.nio.file.Path;

/** The library in five lines: a float network and some images in, an 8-bit network out. */
public final class QuantizeANetwork {
    private QuantizeANetwork() {}

    /**
     * Quantizes a network with 8-bit weights and activations.
     *
     * @param model the float network, an ONNX file
     * @param images typical images, as {@link DataSet} takes them
     * @param preprocessing how an image becomes an input, as in {@code imagenet,resize=exact}
     * @param out the file to write; must not exist
     */
    public static Report run(Path model, Path images, String preprocessing, Path out) {
        Nibble network = Nibble.read(model);
        Samples samples =
                DataSet.open(images).samples(network.model(), Preprocessing.parse(preprocessing));
        Quantized quantized = network.quantize(Recipes.INT8, samples);
        quantized.write(out);
        return quantized.report();
    }

    /** Takes the model, the images, the preprocessing and the file to write. */
    public static void main(String[] args) {
        Report report = run(Path.of(args[0]), Path.of(args[1]), args[2], Path.of(args[3]));
        System.out.println(report.error().total().measures());
    }
}
