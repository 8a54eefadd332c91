package dev.nibble.report;

import dev.nibble.observe.ErrorStatistic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether a quantized network is fit to be handed over at all: it loads, runs, and what it says has
 * something to do with what the float network says. Nothing about how good it is.
 *
 * <p>At 0 dB an output has as much noise as signal: one that is always zero would be as near. That
 * is damage for an output on samples, and for all of them together on inputs made up, to which a
 * single output may well have nothing to say. A network of 8 bits has to do better than that:
 * careless ones that cannot be used reach −3 dB, good ones more than 15.
 *
 * @param checkedOn the samples that it was run on, in words; empty if it was not run
 * @param generated whether these were made up
 * @param leastSqnrDb what all outputs together have to reach, in decibels
 * @param outputs each output beside that of the float network, by name
 * @param unchecked why it was not run; empty if it was
 */
public record Soundness(
        String checkedOn,
        boolean generated,
        double leastSqnrDb,
        Map<String, OutputCheck> outputs,
        Optional<String> unchecked) {
    /** As much noise as signal. */
    public static final double NOTHING_DB = 0;

    /** What all outputs together have to reach on samples with 8 bits or more. */
    public static final double LEAST_OF_8_BITS_DB = 5;

    /** The smallest share of equal whole numbers, truth values or texts on samples. */
    public static final double LEAST_AGREEMENT = 0.5;

    public Soundness {
        outputs = Map.copyOf(outputs);
    }

    /** It could not be run, and why. */
    public static Soundness unchecked(String why) {
        return new Soundness("", false, NOTHING_DB, Map.of(), Optional.of(why));
    }

    /** The same with errors that were measured elsewhere on samples that no pass has fitted to. */
    public Soundness judged(Map<String, ErrorStatistic> errors) {
        Map<String, OutputCheck> judged = new TreeMap<>(outputs);
        judged.replaceAll((name, check) -> {
            ErrorStatistic error = errors.getOrDefault(name, check.error());
            boolean comparable =
                    Double.isFinite(error.referenceSquares())
                            && Double.isFinite(error.errorSquares());
            return comparable ? check.with(error) : check;
        });
        return new Soundness(checkedOn, generated, leastSqnrDb, judged, unchecked);
    }

    /** All floating-point outputs taken together. */
    public ErrorStatistic total() {
        return outputs.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(output -> output.getValue().error())
                .reduce(ErrorStatistic.NOTHING, ErrorStatistic::merge);
    }

    /** Whether an output is NaN or infinite where that of the float network is not. */
    public boolean isBroken() {
        return outputs.values().stream().anyMatch(check -> check.notFinite() > 0);
    }

    /** What is wrong, a clause for each; nothing if it is sound. */
    public List<String> damages() {
        List<String> damages = new ArrayList<>();
        new TreeMap<>(outputs).forEach((name, check) -> note(name, check, damages));
        double sqnrDb = total().measures().sqnrDb();
        if (sqnrDb < leastSqnrDb && damages.isEmpty()) {
            damages.add(
                    "%s: %s"
                            .formatted(
                                    outputs.size() == 1
                                            ? "output " + outputs.keySet().iterator().next()
                                            : "all outputs together",
                                    below(sqnrDb, leastSqnrDb)));
        }
        return damages;
    }

    private void note(String name, OutputCheck check, List<String> damages) {
        if (check.notFinite() > 0) {
            damages.add(
                    "output %s: NaN or infinite in %d places where the float network is not"
                            .formatted(name, check.notFinite()));
        }
        if (generated) {
            return;
        }
        // an output that was always zero has no signal to lose
        if (check.error().referenceSquares() > 0 && check.sqnrDb() < NOTHING_DB) {
            damages.add("output %s: %s".formatted(name, below(check.sqnrDb(), NOTHING_DB)));
        }
        if (check.agreement() < LEAST_AGREEMENT) {
            damages.add(
                    String.format(
                            Locale.ROOT,
                            "output %s: %.0f %% of it equals that of the float network, less than"
                                    + " %.0f %%",
                            name,
                            100 * check.agreement(),
                            100 * LEAST_AGREEMENT));
        }
    }

    private static String below(double sqnrDb, double least) {
        return String.format(Locale.ROOT, "SQNR is %.1f dB, below %.0f", sqnrDb, least);
    }
}
