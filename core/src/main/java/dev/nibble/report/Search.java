package dev.nibble.report;

import dev.nibble.pass.Finding;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a search for formats learned of the layers: how much noise each would save with more bits.
 *
 * @param layers the most sensitive first
 * @param front the least noise that is left, as far as that of layers adds up, for each number of
 *     layers that get more bits: those first that save the most for a weight
 */
public record Search(List<Layer> layers, List<Point> front) {
    /** The name under which the search tells its findings. */
    public static final String PASS = "MixedPrecisionSearch";

    /** How the quantity is called that it measures of every layer, up to what the layer may get. */
    public static final String SAVED = "noise that ";

    /**
     * What the same quantity of the rest of a network has in it, where floats are kept to the end.
     */
    private static final String SEGMENT = " from here on";

    /**
     * A layer.
     *
     * @param node its name
     * @param noise what more bits would save, as a share of the power of the signal
     * @param parameters how many numbers its constants hold
     * @param choice what it got
     */
    public record Layer(String node, double noise, long parameters, String choice) {}

    /**
     * A network that could be.
     *
     * @param layers how many layers get more bits
     * @param share of the weights of all layers that get them
     * @param noise what the others leave, as a share of the power of the signal
     */
    public record Point(int layers, double share, double noise) {}

    public Search {
        layers = List.copyOf(layers);
        front = List.copyOf(front);
    }

    /** What the findings of a report tell of a search; empty if there was none. */
    public static Optional<Search> of(Report report) {
        Map<String, Double> noise = new TreeMap<>();
        Map<String, String> choices = new HashMap<>();
        for (Finding finding : report.findings()) {
            if (finding instanceof Measured(var pass, var node, var quantity, var saved)
                    && pass.equals(PASS)
                    && quantity.startsWith(SAVED)
                    && !quantity.contains(SEGMENT)) {
                noise.put(node, saved);
            } else if (finding instanceof Applied(var pass, var node, var what)
                    && pass.equals(PASS)) {
                choices.put(node, what);
            }
        }
        Map<String, Long> parameters = parameters(report);
        List<Layer> layers =
                noise.entrySet().stream()
                        .map(layer ->
                                new Layer(
                                        layer.getKey(),
                                        layer.getValue(),
                                        parameters.getOrDefault(layer.getKey(), 0L),
                                        choices.getOrDefault(layer.getKey(), "")))
                        .sorted(Comparator.comparingDouble(Layer::noise).reversed())
                        .toList();
        return layers.isEmpty() ? Optional.empty() : Optional.of(new Search(layers, front(layers)));
    }

    private static Map<String, Long> parameters(Report report) {
        Map<String, Long> parameters = new HashMap<>();
        for (int i = 0; i < report.nodes().size(); i++) {
            parameters.put(report.nodes().get(i).node(), report.links().get(i).parameters());
        }
        return parameters;
    }

    private static List<Point> front(List<Layer> layers) {
        double left = layers.stream().mapToDouble(Layer::noise).sum();
        long all = layers.stream().mapToLong(Layer::parameters).sum();
        List<Layer> worthwhile =
                layers.stream()
                        .filter(layer -> layer.noise() > 0 && layer.parameters() > 0)
                        .sorted(
                                Comparator.comparingDouble(
                                        layer -> -layer.noise() / layer.parameters()))
                        .toList();
        List<Point> front = new ArrayList<>();
        front.add(new Point(0, 0, left));
        long spent = 0;
        for (Layer layer : worthwhile) {
            spent += layer.parameters();
            left -= layer.noise();
            front.add(new Point(front.size(), (double) spent / all, left));
        }
        return front;
    }
}
