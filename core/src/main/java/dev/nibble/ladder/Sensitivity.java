package dev.nibble.ladder;

import dev.nibble.cost.MultiplyAdds;
import dev.nibble.engine.Progress;
import dev.nibble.lower.QdqLowering;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.pass.BiasCorrection;
import dev.nibble.pass.Draft;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.WeightedNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What better formats save a layer with weights of the noise in the outputs, measured by giving
 * them to that layer alone; noise of layers adds up as far as it is independent.
 *
 * @param node its name
 * @param parameters how many weights it has
 * @param multiplyAdds its work for one sample; its parameters where shapes are not known
 * @param saved noise as a share of the power of the outputs, for each option of a {@link
 *     MixedPrecision}
 */
record Sensitivity(String node, long parameters, long multiplyAdds, List<Double> saved) {
    Sensitivity {
        saved = List.copyOf(saved);
    }

    /** What the last option saves: all the noise that could be saved. */
    double noise() {
        return saved.getLast();
    }

    /**
     * Measures every layer.
     *
     * @param prepared the float network with all that precedes planning
     * @param judge of samples that passes may see
     */
    static List<Sensitivity> measure(
            Ground ground, Draft prepared, MixedPrecision mixed, Judge judge) {
        Draft rest = ground.encoded(prepared, mixed.rest());
        Meter meter = new Meter(ground, prepared.observing(rest.observed()), mixed, judge);
        Progress progress = ground.lab().progress();
        List<WeightedNode> layers = layers(rest);
        progress.start("measuring sensitivity", layers.size());
        try {
            double reference = meter.noise(rest);
            MultiplyAdds work = MultiplyAdds.in(rest.graph());
            List<Sensitivity> measured = new ArrayList<>();
            for (WeightedNode layer : layers) {
                long parameters = layer.weight().elements();
                measured.add(
                        new Sensitivity(
                                layer.node().name(),
                                parameters,
                                work.of(layer.node()).orElse(parameters),
                                meter.saved(layer.node().name(), reference)));
                progress.advance(1);
            }
            return measured;
        } finally {
            progress.finish();
        }
    }

    /** Measures the noise of networks that differ in one layer. */
    private record Meter(Ground ground, Draft prepared, MixedPrecision mixed, Judge judge) {
        /** What each option saves a layer. */
        List<Double> saved(String node, double reference) {
            double lowered =
                    mixed.wide().isPresent() ? noise(node, mixed.lowered()) - reference : 0;
            return mixed.options().stream()
                    .map(option ->
                            mixed.wide().equals(Optional.of(option))
                                    ? lowered
                                    : lowered + reference - noise(node, option.choice()))
                    .toList();
        }

        private double noise(String node, NodeScheme.Choice choice) {
            NodeScheme scheme = new NodeScheme(NamePattern.exactly(node), choice);
            return noise(ground.encoded(prepared, mixed.rest().withSchemes(List.of(scheme))));
        }

        double noise(Draft encoded) {
            Draft corrected = new BiasCorrection().apply(encoded, ground.lab());
            return Sensitivity.noise(
                    judge.silently().score(QdqLowering.lower(corrected)).comparison().total());
        }
    }

    private static List<WeightedNode> layers(Draft draft) {
        return draft.graph().nodes().stream()
                .filter(draft.plan()::isQuantized)
                .flatMap(node -> WeightedNode.of(draft.graph(), node).stream())
                .toList();
    }

    /** Noise power as a share of signal power. */
    static double noise(ErrorStatistic error) {
        return error.errorSquares() / error.referenceSquares();
    }
}
