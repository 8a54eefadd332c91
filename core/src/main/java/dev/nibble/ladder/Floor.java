package dev.nibble.ladder;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.Measurement;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Sample;
import dev.nibble.graph.Model;
import dev.nibble.report.OutputComparison;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a network must reach that nobody gave a limit for, and the samples that tell.
 *
 * <p>Where few samples are held out, all that were given tell: ranges hardly fit to single samples,
 * but a handful of samples may well not show what is wrong.
 *
 * @param lab runs over the samples to judge on
 * @param original the float network as it was given
 * @param leastDb signal to noise of the outputs in decibels
 */
record Floor(Lab lab, Model original, double leastDb) {
    private static final int FEWEST = 16;
    private static final int MOST = 24;

    /** So far above the floor, enough samples need no second look. */
    private static final double CLEARANCE_DB = 3;

    /** The floor under networks that a fold makes. */
    static Floor under(Fold fold, Lab all, double leastDb) {
        Lab judging = fold.judge().lab();
        boolean few = judging.samples().size() < FEWEST;
        return new Floor(
                few ? all.over(EvenlySpaced.atMost(MOST, all.samples())) : judging,
                fold.ground().original(),
                leastDb);
    }

    /** The noise that it allows, as a share of signal power. */
    double noise() {
        return Math.pow(10, -leastDb / 10);
    }

    /** Whether its score alone says that a network is good enough. */
    boolean isClear(State state) {
        return state.score().comparison().samples() >= FEWEST
                && state.sqnrDb() >= leastDb + CLEARANCE_DB;
    }

    boolean isMetBy(State state) {
        return sqnrDb(state.lowered()) >= leastDb;
    }

    /** Signal to noise in decibels, see {@link SampleErrors#sqnrDb}. */
    double sqnrDb(Model quantized) {
        Measurement<SampleErrors> measurement =
                new Measurement<>() {
                    @Override
                    public SampleErrors nothing() {
                        return SampleErrors.NOTHING;
                    }

                    @Override
                    public SampleErrors measure(Sample sample, List<Map<String, Tensor>> outputs) {
                        return SampleErrors.of(
                                OutputComparison.of("", outputs.get(0), outputs.get(1)).total());
                    }
                };
        return lab.measure(
                        "judging",
                        List.of(Probe.outputsOf(original), Probe.outputsOf(quantized)),
                        measurement)
                .sqnrDb();
    }

    /** What was reached before and after, beside the floor, in words. */
    String compared(double before, double after) {
        return String.format(
                Locale.ROOT,
                "%.1f dB on %d samples, before %.1f; %.0f are aimed at",
                after,
                lab.samples().size(),
                before,
                leastDb);
    }
}
