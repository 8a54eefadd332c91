package dev.nibble.formats.data;

import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.report.Candidate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One data set as each of several networks wants to see it.
 *
 * <p>Networks with the same inputs and the same preprocessing share their samples, so that each is
 * loaded once.
 */
public final class Views {
    /** A network and the file that it was read from. */
    public record Network(Path file, Model model) {}

    /**
     * What one network sees.
     *
     * @param preprocessing the text of what makes its inputs of images; empty for what are no
     *     images
     * @param source who told the preprocessing, as in {@code the metadata of model.onnx}; empty
     *     likewise
     */
    public record View(Candidate candidate, String preprocessing, String source) {}

    private record Key(List<ValueInfo> inputs, Optional<Preprocessing> preprocessing) {}

    private record Told(Preprocessing preprocessing, String source) {}

    private final DataSet data;
    private final Map<Key, Samples> shared = new HashMap<>();

    private Views(DataSet data) {
        this.data = data;
    }

    /**
     * The views for what the networks' own metadata tells; a network that tells nothing is fed as
     * the first one that does.
     *
     * @throws NibbleException if the data does not fit a network, or nothing tells how to make
     *     inputs of images
     */
    public static List<View> of(DataSet data, List<Network> networks) {
        if (!data.needsPreprocessing()) {
            return views(data, networks, _ -> Optional.empty());
        }
        List<Told> told = networks.stream().flatMap(Views::told).toList();
        if (told.isEmpty()) {
            throw new NibbleException(
                    "nothing tells how to make inputs of the %s: no network has %s in its metadata; give a"
                                    .formatted(data.description(), Preprocessing.METADATA_KEY)
                            + " preprocessing (--preprocess): "
                            + Preprocessing.choices());
        }
        return views(
                data,
                networks,
                network -> told(network).findFirst().or(() -> Optional.of(told.getFirst())));
    }

    /**
     * The views for one preprocessing, whatever the networks' metadata tells.
     *
     * @throws NibbleException if the data does not fit a network, or is no images
     */
    public static List<View> of(DataSet data, List<Network> networks, Preprocessing preprocessing) {
        Optional<Told> given = Optional.of(new Told(preprocessing, "as given"));
        return views(data, networks, _ -> given);
    }

    private static List<View> views(
            DataSet data, List<Network> networks, Function<Network, Optional<Told>> choice) {
        Views views = new Views(data);
        List<View> all = new ArrayList<>();
        for (Network network : networks) {
            all.add(views.view(network, choice.apply(network)));
        }
        return all;
    }

    private static Stream<Told> told(Network network) {
        try {
            return Preprocessing.of(network.model()).stream()
                    .map(preprocessing ->
                            new Told(preprocessing, "the metadata of " + network.file()));
        } catch (NibbleException e) {
            throw new NibbleException("%s: %s".formatted(network.file(), e.getMessage()), e);
        }
    }

    private View view(Network network, Optional<Told> told) {
        Optional<Preprocessing> preprocessing = told.map(Told::preprocessing);
        Key key = new Key(network.model().graph().fedInputs(), preprocessing);
        Samples samples = shared.computeIfAbsent(key, _ -> samples(network, preprocessing));
        return new View(
                new Candidate(network.file(), samples),
                preprocessing.map(Preprocessing::toString).orElse(""),
                told.map(Told::source).orElse(""));
    }

    private Samples samples(Network network, Optional<Preprocessing> preprocessing) {
        try {
            return preprocessing
                    .map(one -> data.samples(network.model(), one))
                    .orElseGet(() -> data.samples(network.model()));
        } catch (NibbleException e) {
            throw new NibbleException("%s: %s".formatted(network.file(), e.getMessage()), e);
        }
    }
}
