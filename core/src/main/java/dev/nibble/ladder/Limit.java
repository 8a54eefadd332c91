package dev.nibble.ladder;

import dev.nibble.report.Score;

import java.util.Locale;
import java.util.OptionalDouble;

/** What the quantized network must at least reach. */
public sealed interface Limit {
    /**
     * Top-1 may be this far below the float network's.
     *
     * @param points percentage points
     */
    record MaxDrop(double points) implements Limit {
        public MaxDrop {
            if (!(points >= 0 && points <= PERCENT)) {
                throw new IllegalArgumentException(
                        "a drop is 0 to 100 percentage points, not " + points);
            }
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "top-1 drop of at most %s points", points);
        }
    }

    /** Signal to noise over all outputs, in decibels. */
    record MinSqnr(double decibels) implements Limit {
        public MinSqnr {
            if (Double.isNaN(decibels)) {
                throw new IllegalArgumentException("NaN is no number of decibels");
            }
        }

        @Override
        public String toString() {
            return "SQNR of at least " + decibels + " dB";
        }
    }

    /** Share of samples with the float network's top class. */
    record MinAgreement(double share) implements Limit {
        public MinAgreement {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("a share is 0 to 1, not " + share);
            }
        }

        @Override
        public String toString() {
            return "agreement of at least " + share;
        }
    }

    /** Percentage points in all. */
    double PERCENT = 100;

    /** Whether a score meets the limit. What is unknown meets none. */
    default boolean metBy(Score score) {
        return switch (this) {
            case MaxDrop(double points) ->
                    -PERCENT * orNaN(score.accuracy().difference()) <= points;
            case MinSqnr(double decibels) ->
                    score.comparison().samples() > 0 && score.comparison().sqnrDb() >= decibels;
            case MinAgreement(double share) -> orNaN(score.comparison().agreement()) >= share;
        };
    }

    private static double orNaN(OptionalDouble value) {
        return value.orElse(Double.NaN);
    }
}
