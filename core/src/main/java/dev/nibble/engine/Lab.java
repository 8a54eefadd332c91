package dev.nibble.engine;

import dev.nibble.graph.Model;
import dev.nibble.observe.Observer;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs networks over samples and brings back merged statistics.
 *
 * <p>Law: the result depends on the networks and the samples alone, not on threads, batches or
 * partitions. Statistics are folded within fixed-size chunks of consecutive samples, and the
 * partial results in chunk order, so that even sums of floats come out with the same bits.
 */
public interface Lab {
    /** The samples that the lab runs over. */
    Samples samples();

    /** The same lab over other samples. */
    Lab over(Samples samples);

    /** Who is told how far work has come. */
    Progress progress();

    /** The same lab with another listener. */
    Lab reportingTo(Progress listener);

    /** Runs every probe on every sample and folds what the measurement makes of it. */
    <S extends Statistic<S>> S measure(
            String stage, List<Probe> probes, Measurement<S> measurement);

    /** Observes the named values of one network, all in one pass over the samples. */
    default <S extends Statistic<S>> Map<String, S> observe(
            String stage, Model model, Set<String> values, Observer<S> observer) {
        Measurement<PerValue<S>> measurement =
                new Measurement<>() {
                    @Override
                    public PerValue<S> nothing() {
                        return new PerValue<S>(Map.of());
                    }

                    @Override
                    public PerValue<S> measure(Sample sample, List<Map<String, Tensor>> outputs) {
                        Map<String, S> observed = new TreeMap<>();
                        outputs.getFirst()
                                .forEach((name, tensor) ->
                                        observed.put(name, observer.observe(tensor)));
                        return new PerValue<>(observed);
                    }
                };
        return measure(stage, List.of(new Probe(model, values)), measurement).byName();
    }
}
