package dev.nibble.report;

import dev.nibble.math.ErrorMeasures;
import dev.nibble.math.Proportion;
import dev.nibble.observe.ErrorStatistic;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the quantized network reached.
 *
 * @param judgedOn the samples that decided, in words
 * @param score on them
 * @param limit what was asked for, if anything was
 * @param met whether it was reached; true where nothing was asked for
 */
public record Verdict(String judgedOn, Score score, Optional<String> limit, boolean met) {
    /**
     * The same, with what a check found where nothing judged: an error on inputs that were made up.
     */
    public Verdict orOn(Soundness check) {
        if (error().samples() > 0 || check.outputs().isEmpty()) {
            return this;
        }
        Map<String, ErrorStatistic> errors = new TreeMap<>();
        long samples = 0;
        for (Map.Entry<String, OutputCheck> output : check.outputs().entrySet()) {
            samples = output.getValue().samples();
            if (output.getValue().error().count() > 0) {
                errors.put(output.getKey(), output.getValue().error());
            }
        }
        OutputComparison comparison = new OutputComparison(errors, 0, 0, samples);
        return new Verdict(
                check.checkedOn() + ", as no samples were given",
                new Score(comparison, Accuracy.NOTHING, 0),
                limit,
                met);
    }

    /** Outputs of the quantized network against those of the float one. */
    public OutputComparison error() {
        return score.comparison();
    }

    /** All floating-point outputs taken together. */
    public ErrorMeasures measures() {
        return error().total().measures();
    }

    /** The share of samples with the same top class, and how sure it is; empty without scores. */
    public Optional<Proportion> agreement() {
        return error().ranked() == 0
                ? Optional.empty()
                : Optional.of(new Proportion(error().agreeing(), error().ranked()));
    }
}
