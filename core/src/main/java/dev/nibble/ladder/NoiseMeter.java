package dev.nibble.ladder;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.Measurement;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.lower.QdqLowering;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.observe.Statistic;
import dev.nibble.pass.BiasCorrection;
import dev.nibble.pass.Draft;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Recipe;
import dev.nibble.report.OutputComparison;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures what recipes add to the outputs as noise, several of them in one walk over the samples.
 *
 * @param prepared the float network with all that precedes planning, and what was observed in it
 * @param known ranges that activations keep wherever they have the same format
 * @param lab runs over the samples to measure on
 */
record NoiseMeter(Ground ground, Draft prepared, Plan known, Lab lab) {
    /** Networks that are open at the same time, beside the float one. */
    private static final int AT_ONCE = 4;

    /** Samples that tell what a part of a network adds. */
    private static final int GLANCED_AT = 6;

    /** A meter that looks at few of the samples that passes may see. */
    static NoiseMeter few(Ground ground, Draft prepared, Plan known) {
        Lab seen = ground.lab().reportingTo(Progress.NONE);
        return new NoiseMeter(
                ground,
                prepared,
                known,
                seen.over(EvenlySpaced.atMost(GLANCED_AT, seen.samples())));
    }

    /** The error of several networks. */
    private record Errors(List<ErrorStatistic> networks) implements Statistic<Errors> {
        @Override
        public Errors merge(Errors other) {
            if (networks.isEmpty() || other.networks.isEmpty()) {
                return networks.isEmpty() ? other : this;
            }
            return new Errors(
                    IntStream.range(0, networks.size())
                            .mapToObj(i -> networks.get(i).merge(other.networks.get(i)))
                            .toList());
        }
    }

    /** The noise of one recipe, as a share of signal power. */
    double noise(Recipe recipe) {
        return noises(List.of(recipe)).getFirst();
    }

    /** The noise of each recipe, as a share of signal power. */
    List<Double> noises(List<Recipe> recipes) {
        List<Double> noises = new ArrayList<>();
        for (int from = 0; from < recipes.size(); from += AT_ONCE) {
            List<Recipe> some = recipes.subList(from, Math.min(from + AT_ONCE, recipes.size()));
            errors(some).networks().stream().map(Sensitivity::noise).forEach(noises::add);
        }
        return noises;
    }

    private Errors errors(List<Recipe> recipes) {
        List<Probe> probes = new ArrayList<>();
        probes.add(Probe.outputsOf(ground.original()));
        for (Recipe recipe : recipes) {
            Draft encoded = ground.encoded(prepared, recipe, known);
            Draft corrected = new BiasCorrection().apply(encoded, ground.lab());
            probes.add(Probe.outputsOf(QdqLowering.lower(corrected)));
        }
        Measurement<Errors> measurement =
                new Measurement<>() {
                    @Override
                    public Errors nothing() {
                        return new Errors(List.of());
                    }

                    @Override
                    public Errors measure(Sample sample, List<Map<String, Tensor>> outputs) {
                        return new Errors(
                                outputs.stream()
                                        .skip(1)
                                        .map(network ->
                                                OutputComparison.of("", outputs.getFirst(), network)
                                                        .total())
                                        .toList());
                    }
                };
        return lab.measure("measuring sensitivity", probes, measurement);
    }
}
