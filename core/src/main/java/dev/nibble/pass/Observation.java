package dev.nibble.pass;

import dev.nibble.engine.Measurement;
import dev.nibble.engine.PerValue;
import dev.nibble.engine.Sample;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.observe.ChannelMeans;
import dev.nibble.observe.Histogram;
import dev.nibble.observe.Observer;
import dev.nibble.observe.ValueStatistic;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What calibration looks at: the distribution of every value whose range is to be chosen, and the
 * channel means of what goes into quantized weights.
 */
final class Observation implements Measurement<PerValue<ValueStatistic>> {
    private static final Observer<Histogram> DISTRIBUTION =
            Histogram.observer(Histogram.DEFAULT_BINS);

    private final Set<String> distributions;
    private final Map<String, Observer<ChannelMeans>> channels;

    private Observation(Set<String> distributions, Map<String, Observer<ChannelMeans>> channels) {
        this.distributions = distributions;
        this.channels = channels;
    }

    static Observation of(Draft draft) {
        Graph graph = draft.graph();
        Plan plan = draft.plan();
        Set<String> distributions = new HashSet<>();
        plan.sources()
                .values()
                .forEach(sources ->
                        sources.stream()
                                .filter(value -> graph.constant(value).isEmpty())
                                .forEach(distributions::add));
        Map<String, Observer<ChannelMeans>> channels = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (plan.hasCodes(node)) {
                WeightedNode.of(graph, node)
                        .ifPresent(weighted ->
                                channels.put(
                                        weighted.input(),
                                        ChannelMeans.observer(weighted.channelAxis())));
            }
        }
        return new Observation(distributions, channels);
    }

    /**
     * What calibration looks at for this plan and for every other that makes codes of fewer values:
     * the distribution of each value that has codes, also where it shares those of another.
     */
    static Observation ofEach(Draft draft) {
        Observation own = of(draft);
        Set<String> all = new HashSet<>(own.distributions);
        Plan plan = draft.plan();
        Stream.of(plan.values().keySet(), plan.groups().keySet())
                .flatMap(Set::stream)
                .filter(value -> draft.graph().constant(value).isEmpty())
                .forEach(all::add);
        return new Observation(all, own.channels);
    }

    Set<String> values() {
        Set<String> values = new HashSet<>(distributions);
        values.addAll(channels.keySet());
        return values;
    }

    /** Whether everything that is looked at was observed before. */
    boolean isIn(Map<String, ValueStatistic> observed) {
        return distributions.stream()
                        .allMatch(value ->
                                observed.containsKey(value)
                                        && !observed.get(value).histogram().isEmpty())
                && channels.keySet().stream()
                        .allMatch(value ->
                                observed.containsKey(value)
                                        && !observed.get(value).channels().isEmpty());
    }

    @Override
    public PerValue<ValueStatistic> nothing() {
        return new PerValue<ValueStatistic>(Map.of());
    }

    @Override
    public PerValue<ValueStatistic> measure(Sample sample, List<Map<String, Tensor>> outputs) {
        Map<String, ValueStatistic> statistics = new TreeMap<>();
        outputs.getFirst()
                .forEach((value, tensor) -> statistics.put(value, observe(value, tensor)));
        return new PerValue<>(statistics);
    }

    private ValueStatistic observe(String value, Tensor tensor) {
        Histogram histogram =
                distributions.contains(value)
                        ? DISTRIBUTION.observe(tensor)
                        : DISTRIBUTION.nothing();
        Observer<ChannelMeans> means = channels.get(value);
        return new ValueStatistic(
                histogram, means == null ? ChannelMeans.NOTHING : means.observe(tensor));
    }
}
