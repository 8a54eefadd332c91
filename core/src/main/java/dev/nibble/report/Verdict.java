package dev.nibble.report;

import dev.nibble.math.ErrorMeasures;
import dev.nibble.math.Proportion;

import java.util.Optional;

/**
 * What the quantized network reached.
 *
 * @param judgedOn the samples that decided, in words
 * @param score on them
 * @param limit what was asked for, if anything was
 * @param met whether it was reached; true where nothing was asked for
 */
public record Verdict(String judgedOn, Score score, Optional<String> limit, boolean met) {
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
