package dev.nibble.cli;

import dev.nibble.Quantized;
import dev.nibble.formats.json.PlanFile;
import dev.nibble.plan.SavedPlan;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Saves what was decided, and replays it. */
final class PlanOptions {
    /** What a plan says already. */
    private static final List<String> CONTRADICTING =
            List.of(
                    "--recipe",
                    "--calibrator",
                    "--range",
                    "--scheme",
                    "--effort",
                    "--passes",
                    "--max-size");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--save-plan",
            paramLabel = "FILE",
            description =
                    "Write everything that was decided to a JSON file, to read, edit and replay;"
                            + " see docs/plans.md.")
    private @Nullable Path saved;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description =
                    "Do what a saved plan says instead of choosing: the same network and data give"
                            + " the same bytes.")
    private @Nullable Path replayed;

    /**
     * Refuses options that a plan leaves no room for, and a file that could not be written: to be
     * called before any work.
     *
     * @param taken the files that the command reads or writes anyway
     * @throws ParameterException naming the option
     */
    void check(boolean force, Path... taken) {
        if (replayed != null) {
            for (String option : CONTRADICTING) {
                if (command.commandLine().getParseResult().hasMatchedOption(option)) {
                    throw new ParameterException(
                            command.commandLine(),
                            "%s contradicts --plan %s, which says that already; leave it out or edit the plan"
                                    .formatted(option, replayed));
                }
            }
        }
        if (saved != null) {
            OutputFiles.check(saved, force, taken);
            if (replayed != null) {
                OutputFiles.check(saved, force, replayed);
            }
        }
    }

    /** The files that the command reads or writes anyway, and those of plans. */
    Path[] and(Path... taken) {
        return Stream.concat(Arrays.stream(taken), Stream.of(saved, replayed))
                .filter(Objects::nonNull)
                .toArray(Path[]::new);
    }

    /** The plan to replay, if one was given. */
    Optional<SavedPlan> replayed() {
        return Optional.ofNullable(replayed).map(PlanFile::read);
    }

    /** Writes the plan to where it was asked for, if it was. */
    void save(Quantized quantized) {
        if (saved != null) {
            PlanFile.write(quantized.plan(), saved);
        }
    }

    /** Says where network or samples are not those that a plan was made for. */
    static void compare(SavedPlan before, SavedPlan now, Console console) {
        if (!before.network().equals(now.network())) {
            console.note(
                    "the plan was made for another network with the same nodes (SHA-256 %s, not %s)"
                            .formatted(before.network(), now.network()));
        }
        if (before.samples().given() != now.samples().given()) {
            console.note(
                    "the plan was made with %d samples, not %d: what its passes fit can differ"
                            .formatted(before.samples().given(), now.samples().given()));
        }
    }
}
