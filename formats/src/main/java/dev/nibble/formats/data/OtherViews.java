package dev.nibble.formats.data;

import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.graph.Model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Images as a network would see them with the usual preprocessings that are not used. */
public final class OtherViews {
    private OtherViews() {}

    /**
     * The samples by the name of what makes them; those that do not fit the network are left out.
     */
    public static Map<String, Samples> of(DataSet data, Model network, Preprocessing used) {
        Map<String, Samples> views = new LinkedHashMap<>();
        for (Preprocessing other : used.alternatives()) {
            fitting(data, network, other)
                    .ifPresent(samples -> views.put(other.toString(), samples));
        }
        return views;
    }

    /** A mean for each colour has no place in an input of one channel. */
    private static Optional<Samples> fitting(DataSet data, Model network, Preprocessing other) {
        try {
            return Optional.of(data.samples(network, other));
        } catch (NibbleException doesNotFit) {
            return Optional.empty();
        }
    }
}
