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
 * advance wins; how much it clips is measured all the same.
 */
public record Calibration(Calibrator calibrator, RangeOverrides overrides) implements Pass {
    static final String NAME = "Calibration";

    /** The share of the observed values that lie outside the chosen range. */
    public static final String CLIPPED = "clipped share";

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Observation observation = Observation.of(draft);
        Map<String, ValueStatistic> observed =
                observation.nothingToObserve()
                        ? Map.of()
                        : lab.measure(
                                        "calibrating",
                                        List.of(new Probe(draft.model(), observation.values())),
                                        observation)
                                .byName();
        Draft at = draft.observing(observed);
        for (Map.Entry<String, Set<String>> group :
                new TreeMap<>(draft.plan().sources()).entrySet()) {
            if (draft.plan().values().get(group.getKey()) instanceof Decision.Planned(Scheme scheme)
                    && !isConstant(draft, group.getKey())) {
                at = choose(at, group.getKey(), scheme, merged(observed, group.getValue()));
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

    private Draft choose(Draft draft, String group, Scheme scheme, Histogram histogram) {
        if (histogram.notFinite() > 0) {
            throw new NibbleException(
                    "value "
                            + group
                            + " is NaN or infinite in "
                            + histogram.notFinite()
                            + " places on the calibration samples; check the samples and their"
                            + " preprocessing, or keep the nodes around it float");
        }
        Optional<Range> given = overrides.range(draft.graph(), draft.plan(), group);
        Choice choice =
                given.map(range -> new Choice(range, "given"))
                        .orElseGet(() ->
                                histogram.isEmpty()
                                        ? new Choice(new Range(0, 0), "no values were seen")
                                        : calibrator.choose(histogram, scheme));
        Encoding encoding = Encoding.ofRange(scheme, choice.range());
        return draft.with(draft.plan().withEncoding(group, encoding))
                .noting(
                        List.of(
                                new Applied(
                                        NAME,
                                        group,
                                        choice.method()
                                                + " range "
                                                + choice.range()
                                                + seen(histogram)),
                                new Measured(
                                        NAME,
                                        group,
                                        CLIPPED,
                                        clippedShare(histogram, encoding.range(0)))));
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
