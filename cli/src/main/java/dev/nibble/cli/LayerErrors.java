package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.json.ComparisonJson;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the error of a network that was just written sits, layer by layer, for its page. */
record LayerErrors(DataOptions data, OutputOptions options, Path original, Path quantized) {
    private static final int SAMPLES = 32;

    /** What {@code nibble compare} finds; empty, with a note, where it cannot be found. */
    Optional<Map<String, @Nullable Object>> find(Console console) {
        if (data.data().isEmpty()) {
            console.note(
                    "the page shows no errors of layers: they are measured on samples (--data)");
            return Optional.empty();
        }
        Nibble network =
                Nibble.read(original)
                        .threads(options.threads())
                        .batch(data.batch())
                        .progress(console.progress());
        Nibble other = Nibble.read(quantized);
        try {
            PreparedData prepared =
                    PreparedData.random(network, data, console)
                            .orElseGet(() -> PreparedData.ofBoth(data, network, other));
            Samples few = EvenlySpaced.atMost(SAMPLES, prepared.samples());
            return Optional.of(
                    ComparisonJson.data(
                            network.compare(quantized, few),
                            original,
                            quantized,
                            prepared.preprocessing()));
        } catch (NibbleException refused) {
            console.note("the page shows no errors of layers: " + refused.getMessage());
            return Optional.empty();
        }
    }
}
