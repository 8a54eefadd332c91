package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.graph.Model;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Samples made fit for one network.
 *
 * @param preprocessing what makes inputs of images; empty for samples that are no images
 * @param remembered whether the network itself told the preprocessing
 */
record PreparedData(Samples samples, Optional<Preprocessing> preprocessing, boolean remembered) {
    /**
     * Makes samples fit for a network: with the preprocessing given, or else the one that the
     * network remembers.
     *
     * @param file the network, for messages
     * @throws NibbleException if the samples are images and it is not known how to make inputs of
     *     them, or if they do not fit
     */
    static PreparedData of(DataSet data, Path file, Model model, Optional<Preprocessing> given) {
        if (given.isPresent()) {
            return new PreparedData(data.samples(model, given.get()), given, false);
        }
        Optional<Preprocessing> own =
                data.needsPreprocessing() ? Preprocessing.of(model) : Optional.empty();
        if (data.needsPreprocessing() && own.isEmpty()) {
            throw new NibbleException(
                    "%s does not say how images become its input (%s); give --preprocess %s"
                            .formatted(file, data.description(), Preprocessing.choices()));
        }
        return new PreparedData(data.samples(model), own, own.isPresent());
    }

    /**
     * Makes samples fit for a float network and the one that was made of it: with the preprocessing
     * given, or else what one of them remembers.
     *
     * @throws NibbleException as above
     */
    static PreparedData ofBoth(DataOptions data, Nibble network, Nibble other) {
        DataSet samples = data.open();
        Optional<Preprocessing> known =
                data.preprocessing()
                        .or(() ->
                                samples.needsPreprocessing()
                                        ? Preprocessing.of(other.model())
                                        : Optional.empty());
        return of(samples, network.source(), network.model(), known);
    }

    /**
     * Inputs made up for a network, if that was asked for; says so.
     *
     * @throws NibbleException if the network runs on none that could be made up
     */
    static Optional<PreparedData> random(Nibble network, DataOptions data, Console console) {
        OptionalInt count = data.random();
        if (count.isEmpty()) {
            return Optional.empty();
        }
        Samples samples = network.generatedInputs(count.getAsInt(), data.seed());
        console.note(
                "%s: figures say nothing about accuracy on real ones"
                        .formatted(samples.description()));
        return Optional.of(new PreparedData(samples, Optional.empty(), false));
    }

    /** The network with the preprocessing in its metadata, so that it need not be given again. */
    Nibble rememberIn(Nibble network) {
        return preprocessing
                .map(known -> network.metadata(Preprocessing.METADATA_KEY, known.toString()))
                .orElse(network);
    }
}
