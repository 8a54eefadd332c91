package dev.nibble.ladder;

import dev.nibble.engine.Progress;
import dev.nibble.lower.QdqLowering;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.pass.BiasCorrection;
import dev.nibble.pass.Draft;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.WeightedNode;

import java.util.ArrayList;
import java.util.List;

/**
 * What each layer with weights adds to the noise of the outputs, measured by giving it alone other
 * formats.
 *
 * @param node its name
 * @param parameters how many weights it has
 * @param noise what it adds with the lower format beyond what it adds with the higher one, as a
 *     share of the power of the outputs; noise of layers adds up as far as it is independent
 */
record Sensitivity(String node, long parameters, double noise) {
    /** The noise that a parameter of more bits saves. */
    double perParameter() {
        return noise / parameters;
    }

    /**
     * Measures every layer.
     *
     * @param prepared the float network with all that precedes planning
     * @param judge of samples that passes may see
     */
    static List<Sensitivity> measure(
            Ground ground, Draft prepared, MixedPrecision mixed, Judge judge) {
        Recipe all = mixed.rest();
        Draft rest = ground.encoded(prepared, all);
        Progress progress = ground.lab().progress();
        List<WeightedNode> layers = layers(rest);
        progress.start("measuring sensitivity", layers.size());
        try {
            double reference = noise(rest, judge, ground);
            List<Sensitivity> measured = new ArrayList<>();
            for (WeightedNode layer : layers) {
                String name = layer.node().name();
                NodeScheme scheme = new NodeScheme(new NamePattern(name), mixed.one());
                Draft changed =
                        ground.encoded(
                                prepared.observing(rest.observed()),
                                all.withSchemes(List.of(scheme)));
                double added = noise(changed, judge, ground) - reference;
                measured.add(
                        new Sensitivity(
                                name,
                                layer.weight().elements(),
                                mixed.lowersOne() ? added : -added));
                progress.advance(1);
            }
            return measured;
        } finally {
            progress.finish();
        }
    }

    private static List<WeightedNode> layers(Draft draft) {
        return draft.graph().nodes().stream()
                .filter(draft.plan()::isQuantized)
                .flatMap(node -> WeightedNode.of(draft.graph(), node).stream())
                .toList();
    }

    private static double noise(Draft encoded, Judge judge, Ground ground) {
        Draft corrected = new BiasCorrection().apply(encoded, ground.lab());
        return noise(judge.silently().score(QdqLowering.lower(corrected)).comparison().total());
    }

    /** Noise power as a share of signal power. */
    static double noise(ErrorStatistic error) {
        return error.errorSquares() / error.referenceSquares();
    }
}
