package dev.nibble.pass;

import dev.nibble.calibrate.Calibrator;
import dev.nibble.calibrate.Choice;
import dev.nibble.engine.Lab;
import dev.nibble.engine.Probe;
import dev.nibble.error.NibbleException;
import dev.nibble.number.Encoding;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.observe.Histogram;
import dev.nibble.observe.ValueStatistic;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.plan.Decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs the float network over the samples once and finds the range of every activation that is to
 * be quantized.
 *
 * <p>Values that share an encoding are judged by their distributions together. A range given in
 * advance wins, and an encoding that a value has already stays; how much they clip is measured all
 * the same.
 */
public record Calibration(Calibrator calibrator, RangeOverrides overrides) implements Pass {
    static final String NAME = "Calibration";

    /** The share of the observed values that lie outside the chosen range. */
    public static final String CLIPPED = "clipped share";

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Map<String, ValueStatistic> observed = observe(draft, lab);
        Draft at = draft.observing(observed);
        List<Group> groups = groups(draft, observed);
        // the search takes longest, and groups do not depend on one another
        List<Choice> choices = groups.parallelStream().map(group -> choose(draft, group)).toList();
        for (int i = 0; i < groups.size(); i++) {
            at = encode(at, groups.get(i), choices.get(i));
        }
        return lookAtEncoded(at, draft);
    }

    /** What calibration looks at; what was observed before is used again if nothing is missing. */
    public static Map<String, ValueStatistic> observe(Draft draft, Lab lab) {
        return observe(Observation.of(draft), draft, lab);
    }

    /**
     * The same for this plan and for every other that makes codes of fewer values, so that all of
     * them can be calibrated without another run.
     */
    public static Map<String, ValueStatistic> observeEach(Draft draft, Lab lab) {
        return observe(Observation.ofEach(draft), draft, lab);
    }

    private static Map<String, ValueStatistic> observe(
            Observation observation, Draft draft, Lab lab) {
        return observation.isIn(draft.observed())
                ? draft.observed()
                : lab.measure(
                                "calibrating",
                                List.of(new Probe(draft.model(), observation.values())),
                                observation)
                        .byName();
    }

    /** Values that share an encoding and are still to get one, with all that was seen of them. */
    private record Group(String name, Scheme scheme, Histogram histogram) {}

    private static List<Group> groups(Draft draft, Map<String, ValueStatistic> observed) {
        List<Group> groups = new ArrayList<>();
        new TreeMap<>(draft.plan().sources())
                .forEach((name, sources) -> {
                    if (draft.plan().values().get(name) instanceof Decision.Planned(Scheme scheme)
                            && !isConstant(draft, name)) {
                        groups.add(new Group(name, scheme, seen(name, sources, observed)));
                    }
                });
        return groups;
    }

    private static Histogram seen(
            String name, Set<String> sources, Map<String, ValueStatistic> observed) {
        Histogram histogram = merged(observed, sources);
        requireNumbers(name, histogram);
        return histogram;
    }

    /** Says how much the encodings clip that were there before. */
    private static Draft lookAtEncoded(Draft draft, Draft before) {
        Draft at = draft;
        for (var group : new TreeMap<>(before.plan().sources()).entrySet()) {
            String name = group.getKey();
            if (before.plan().values().get(name) instanceof Decision.Quantize(Encoding encoding)
                    && !isConstant(draft, name)) {
                Histogram histogram = seen(name, group.getValue(), draft.observed());
                String what = "given range " + encoding.range(0) + seen(histogram);
                at = at.noting(clipping(name, what, histogram, encoding));
            }
        }
        return at;
    }

    private static boolean isConstant(Draft draft, String value) {
        return draft.graph().constant(value).isPresent();
    }

    private static Histogram merged(Map<String, ValueStatistic> observed, Set<String> sources) {
        return sources.stream()
                .flatMap(source -> Optional.ofNullable(observed.get(source)).stream())
                .map(ValueStatistic::histogram)
                .reduce(Histogram::merge)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "none of the values " + sources + " was observed"));
    }

    private static void requireNumbers(String group, Histogram histogram) {
        if (histogram.notFinite() > 0) {
            throw new NibbleException(
                    "value "
                            + group
                            + " is NaN or infinite in "
                            + histogram.notFinite()
                            + " places on the calibration samples; check the samples and their"
                            + " preprocessing, or keep the nodes around it float");
        }
    }

    private Choice choose(Draft draft, Group group) {
        return overrides
                .range(draft.graph(), draft.plan(), group.name())
                .map(range -> new Choice(range, "given"))
                .orElseGet(() ->
                        group.histogram().isEmpty()
                                ? new Choice(new Range(0, 0), "no values were seen")
                                : calibrator.choose(group.histogram(), group.scheme()));
    }

    private static Draft encode(Draft draft, Group group, Choice choice) {
        Histogram histogram = group.histogram();
        Encoding encoding = Encoding.ofRange(group.scheme(), choice.range());
        String what = choice.method() + " range " + choice.range() + seen(histogram);
        return draft.with(draft.plan().withEncoding(group.name(), encoding))
                .noting(clipping(group.name(), what, histogram, encoding));
    }

    private static List<Finding> clipping(
            String name, String what, Histogram histogram, Encoding encoding) {
        return List.of(
                new Applied(NAME, name, what),
                new Measured(NAME, name, CLIPPED, clippedShare(histogram, encoding.range(0))));
    }

    private static String seen(Histogram histogram) {
        return histogram.isEmpty() ? "" : " of " + histogram.min() + ".." + histogram.max();
    }

    /** Counted in whole bins: those whose centre lies outside the range. */
    private static double clippedShare(Histogram histogram, Range range) {
        if (histogram.isEmpty()
                || (histogram.min() >= range.min() && histogram.max() <= range.max())) {
            return 0;
        }
        long[] counts = histogram.counts();
        long outside = 0;
        for (int i = 0; i < counts.length; i++) {
            double center = Math.scalb(histogram.firstBin() + i + 0.5, histogram.exponent());
            outside += center < range.min() || center > range.max() ? counts[i] : 0;
        }
        return (double) outside / histogram.total();
    }
}
