package dev.nibble.repair;

import dev.nibble.calibrate.Calibrator;
import dev.nibble.calibrate.Calibrators;
import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.Progress;
import dev.nibble.lower.QdqLowering;
import dev.nibble.number.Encoding;
import dev.nibble.number.Range;
import dev.nibble.observe.Histogram;
import dev.nibble.observe.ValueStatistic;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.pass.Pass;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the range of each activation by what it does to the outputs of the network: of those that
 * the calibrators propose and some narrower and wider ones, the one with the least noise.
 *
 * <p>Calibrators judge a range by the error of the tensor alone. Which of its errors the layers
 * behind it forgive only a run tells. One value after the other, in graph order, with all others as
 * they are at that moment.
 *
 * @param most how many samples to run for each candidate
 */
public record RangeSearch(int most) implements Pass {
    private static final String NAME = "RangeSearch";
    private static final List<Calibrator> CALIBRATORS =
            List.of(Calibrators.MIN_MAX, Calibrators.PERCENTILE, Calibrators.MSE);
    private static final float[] FACTORS = {0.85f, 0.93f, 1.08f};

    /** What a candidate must save of the noise to be taken: less is chance. */
    private static final double LEAST_GAIN = 0.002;

    @Override
    public Draft apply(Draft draft, Lab lab) {
        if (lab.samples().size() == 0) {
            return draft.noting(new Skipped(NAME, draft.graph().name(), "there are no samples"));
        }
        List<String> groups = groups(draft);
        Lab silent = lab.over(EvenlySpaced.atMost(most, lab.samples())).reportingTo(Progress.NONE);
        lab.progress().start("searching ranges", groups.size());
        try (OutputNoise noise = new OutputNoise(draft.model(), silent)) {
            State state = new State(draft, noise.of(QdqLowering.lower(draft)));
            for (String group : groups) {
                state = search(state, group, noise);
                lab.progress().advance(1);
            }
            return state.draft;
        } finally {
            lab.progress().finish();
        }
    }

    private record State(Draft draft, double noise) {}

    /** Quantized activations that were observed, in graph order. */
    private static List<String> groups(Draft draft) {
        Set<String> groups = new LinkedHashSet<>();
        draft.graph().inputs().forEach(input -> groups.add(draft.plan().group(input.name())));
        draft.graph()
                .nodes()
                .forEach(node ->
                        node.outputs().forEach(output -> groups.add(draft.plan().group(output))));
        return groups.stream()
                .filter(group -> draft.plan().encoding(group).isPresent())
                .filter(group -> draft.graph().constant(group).isEmpty())
                .toList();
    }

    private static State search(State begun, String group, OutputNoise noise) {
        Encoding now = begun.draft.plan().encoding(group).orElseThrow();
        State best = begun;
        String chosen = "";
        for (Range candidate : candidates(begun.draft, group, now)) {
            Encoding encoding = Encoding.ofRange(now.scheme(), candidate);
            if (encoding.equals(now)) {
                continue;
            }
            Draft tried = begun.draft.with(begun.draft.plan().withEncoding(group, encoding));
            double after = noise.of(QdqLowering.lower(tried));
            if (after < best.noise && after < begun.noise * (1 - LEAST_GAIN)) {
                best = new State(tried, after);
                chosen = candidate.toString();
            }
        }
        if (chosen.isEmpty()) {
            return new State(
                    begun.draft.noting(new Skipped(NAME, group, "no other range lowers the noise")),
                    begun.noise);
        }
        String what =
                String.format(
                        Locale.ROOT,
                        "range %s in the place of %s takes %.1f %% off the noise of the outputs",
                        chosen,
                        now.range(0),
                        100 * (1 - best.noise / begun.noise));
        return new State(best.draft.noting(new Applied(NAME, group, what)), best.noise);
    }

    private static Set<Range> candidates(Draft draft, String group, Encoding now) {
        Set<Range> candidates = new LinkedHashSet<>();
        merged(draft, group)
                .ifPresent(histogram ->
                        CALIBRATORS.forEach(calibrator ->
                                candidates.add(
                                        calibrator.choose(histogram, now.scheme()).range())));
        for (float factor : FACTORS) {
            candidates.add(new Range(factor * now.range(0).min(), factor * now.range(0).max()));
        }
        return candidates;
    }

    private static Optional<Histogram> merged(Draft draft, String group) {
        return draft.plan().sources().getOrDefault(group, Set.of()).stream()
                .sorted()
                .flatMap(source -> Optional.ofNullable(draft.observed().get(source)).stream())
                .map(ValueStatistic::histogram)
                .reduce(Histogram::merge)
                .filter(histogram -> !histogram.isEmpty());
    }
}
