package dev.nibble.pass;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.Measurement;
import dev.nibble.engine.Partition;
import dev.nibble.engine.PerValue;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.graph.Model;
import dev.nibble.observe.ChannelMinMax;
import dev.nibble.observe.Observer;
import dev.nibble.pass.ChannelGroup.Channels;
import dev.nibble.tensor.Tensor;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Observes between which ends the channels of some values of a network lie. */
final class ChannelExtremes {
    /** How many samples are looked at, evenly spaced: extremes of channels settle soon. */
    private static final int SAMPLES = 32;

    private ChannelExtremes() {}

    /** The same lab over as many samples as it takes. */
    static Lab part(Lab lab) {
        return lab.samples().size() <= SAMPLES
                ? lab
                : lab.over(new EvenlySpaced(lab.samples(), SAMPLES));
    }

    /** The same lab over as many of the samples that are not looked at; empty if there are none. */
    static Optional<Lab> rest(Lab lab) {
        if (lab.samples().size() <= SAMPLES) {
            return Optional.empty();
        }
        Samples unseen = Partition.holdingOut(SAMPLES, lab.samples()).seen();
        return Optional.of(lab.over(EvenlySpaced.atMost(SAMPLES, unseen)));
    }

    /** What was seen, by value name; nothing if there are no samples. */
    static Map<String, ChannelMinMax> observe(
            String stage, Model model, Collection<Channels> values, Lab lab) {
        Map<String, Observer<ChannelMinMax>> observers = new TreeMap<>();
        values.forEach(channels ->
                observers.put(channels.value(), ChannelMinMax.observer(channels.axis())));
        if (observers.isEmpty()) {
            return Map.of();
        }
        return part(lab)
                .measure(
                        stage,
                        List.of(new Probe(model, observers.keySet())),
                        new Measurement<PerValue<ChannelMinMax>>() {
                            @Override
                            public PerValue<ChannelMinMax> nothing() {
                                return new PerValue<ChannelMinMax>(Map.of());
                            }

                            @Override
                            public PerValue<ChannelMinMax> measure(
                                    Sample sample, List<Map<String, Tensor>> outputs) {
                                Map<String, ChannelMinMax> seen = new TreeMap<>();
                                Map<String, Tensor> fetched = outputs.getFirst();
                                fetched.forEach((value, tensor) ->
                                        seen.put(value, of(observers, value).observe(tensor)));
                                return new PerValue<>(seen);
                            }
                        })
                .byName();
    }

    private static Observer<ChannelMinMax> of(
            Map<String, Observer<ChannelMinMax>> observers, String value) {
        return Objects.requireNonNull(observers.get(value), value);
    }
}
