package dev.nibble.report;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The samples of several candidates side by side, so that one pass can feed each network in its own
 * way.
 *
 * <p>Candidates that hand in the same {@link Samples} share one loading. The inputs of view {@code
 * v} are called {@code v/name}; {@link LineupEngine} gives them their names back.
 *
 * @param views the distinct samples, in the order in which candidates brought them
 * @param viewOf for each candidate, its place in {@code views}
 */
record Lineup(List<Samples> views, List<Integer> viewOf) implements Samples {
    Lineup {
        views = List.copyOf(views);
        viewOf = List.copyOf(viewOf);
    }

    /**
     * Lines candidates up.
     *
     * @throws NibbleException if they do not bring the same number of samples, or none
     */
    static Lineup of(List<Candidate> candidates) {
        List<Samples> views = new ArrayList<>();
        List<Integer> viewOf = new ArrayList<>();
        for (Candidate candidate : candidates) {
            int at = views.indexOf(candidate.samples());
            if (at < 0) {
                at = views.size();
                views.add(candidate.samples());
            }
            viewOf.add(at);
        }
        Lineup lineup = new Lineup(views, viewOf);
        lineup.check(candidates);
        return lineup;
    }

    private void check(List<Candidate> candidates) {
        if (size() == 0) {
            throw new NibbleException(
                    "there are no samples to evaluate on (%s); give at least one"
                            .formatted(description()));
        }
        for (Candidate candidate : candidates) {
            int size = candidate.samples().size();
            if (size != size()) {
                throw new NibbleException(
                        "%s comes with %d samples, but %s with %d; evaluate all networks on the same ones"
                                .formatted(
                                        candidate.file(),
                                        size,
                                        candidates.getFirst().file(),
                                        size()));
            }
        }
    }

    /** What the inputs of a candidate's network have in front of their names. */
    String prefix(int candidate) {
        return prefixOf(viewOf.get(candidate));
    }

    private static String prefixOf(int view) {
        return view + "/";
    }

    @Override
    public int size() {
        return views.getFirst().size();
    }

    @Override
    public Sample get(int index) {
        Sample first = views.getFirst().get(index);
        Map<String, Tensor> inputs = new HashMap<>();
        for (int v = 0; v < views.size(); v++) {
            Sample sample = v == 0 ? first : views.get(v).get(index);
            if (sample.label() != first.label()) {
                throw new NibbleException(
                        "sample %d is %s with label %s for one network and %s with label %s for another; evaluate all networks on the same samples"
                                .formatted(
                                        index,
                                        first.name(),
                                        text(first),
                                        sample.name(),
                                        text(sample)));
            }
            String prefix = prefixOf(v);
            sample.inputs().forEach((name, tensor) -> inputs.put(prefix + name, tensor));
        }
        return new Sample(first.name(), inputs, first.label());
    }

    private static String text(Sample sample) {
        OptionalInt label = sample.knownLabel();
        return label.isPresent() ? Integer.toString(label.getAsInt()) : "none";
    }

    @Override
    public boolean labelled() {
        return views.getFirst().labelled();
    }

    @Override
    public String description() {
        return views.getFirst().description();
    }
}
