package dev.nibble.cli;

import dev.nibble.math.ErrorMeasures;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluation.Entry;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Limits that an evaluation may miss, for scripts: they bind every model but the baseline. */
final class LimitOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--min-agreement",
            paramLabel = "SHARE",
            description =
                    "Exit with 3 if a model has the baseline's top class on fewer samples, as in"
                            + " 0.95.")
    private @Nullable Double minAgreement;

    @Option(
            names = "--min-sqnr",
            paramLabel = "DB",
            description =
                    "Exit with 3 if a model's outputs have a lower signal to noise ratio, as in"
                            + " 20.")
    private @Nullable Double minSqnrDb;

    @Option(
            names = "--max-top1-loss",
            paramLabel = "SHARE",
            description =
                    "Exit with 3 if a model's top-1 is further below the baseline's, as in 0.01.")
    private @Nullable Double maxTop1Loss;

    /**
     * Refuses limits that nothing could miss: to be called before any work.
     *
     * @throws ParameterException if there is a limit but no model beside the baseline, or one is no
     *     share
     */
    void check(int models) {
        checkShare("--min-agreement", minAgreement);
        checkShare("--max-top1-loss", maxTop1Loss);
        if (minSqnrDb != null && minSqnrDb.isNaN()) {
            throw wrong("--min-sqnr NaN is no number of decibels; give one as in 20");
        }
        boolean any = minAgreement != null || minSqnrDb != null || maxTop1Loss != null;
        if (any && models < 2) {
            throw wrong("Limits are for models beside the baseline; give a second MODEL");
        }
    }

    private void checkShare(String option, @Nullable Double share) {
        if (share != null && !(share >= 0 && share <= 1)) {
            throw wrong(
                    "%s %s is no share; give one from 0 to 1, as in 0.95".formatted(option, share));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /** A line for each limit that a model misses. What is unknown meets no limit. */
    List<String> missed(Evaluation evaluation) {
        List<String> missed = new ArrayList<>();
        for (Entry entry : evaluation.models().subList(1, evaluation.models().size())) {
            OptionalDouble agreement = entry.agreement();
            if (minAgreement != null && !(agreement.orElse(Double.NaN) >= minAgreement)) {
                missed.add(
                        "%s: agreement %s is below --min-agreement %s"
                                .formatted(entry.file(), text(agreement), minAgreement));
            }
            OptionalDouble sqnr =
                    entry.error().stream().mapToDouble(ErrorMeasures::sqnrDb).findFirst();
            if (minSqnrDb != null && !(sqnr.orElse(Double.NaN) >= minSqnrDb)) {
                missed.add(
                        "%s: SQNR %s dB is below --min-sqnr %s"
                                .formatted(entry.file(), text(sqnr), minSqnrDb));
            }
            OptionalDouble difference = entry.score().accuracy().difference();
            if (maxTop1Loss != null && !(difference.orElse(Double.NaN) >= -maxTop1Loss)) {
                missed.add(
                        "%s: top-1 changes by %s, which is more than --max-top1-loss %s"
                                .formatted(entry.file(), text(difference), maxTop1Loss));
            }
        }
        return missed;
    }

    private static String text(OptionalDouble value) {
        return value.isPresent() ? Figures.decimal(value.getAsDouble(), 4) : "(unknown)";
    }
}
