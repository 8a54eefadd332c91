package dev.nibble.cli;

import dev.nibble.engine.Samples;
import dev.nibble.formats.data.DataSet;
import dev.nibble.ladder.Effort;
import dev.nibble.ladder.Goal;
import dev.nibble.ladder.Limit;
import dev.nibble.ladder.Limit.MaxDrop;
import dev.nibble.ladder.Limit.MinAgreement;
import dev.nibble.ladder.Limit.MinSqnr;
import dev.nibble.ladder.Objective;
import dev.nibble.ladder.Passes;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/** How far to climb the ladder of repairs, and when to stop. */
final class EffortOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--effort",
            paramLabel = "LEVEL",
            defaultValue = "quick",
            description = {
                "How much to do for accuracy: quick (default, seconds), good (a minute or so) or"
                        + " best (minutes). `nibble passes` lists what each includes."
            })
    private String effort;

    @Option(
            names = "--max-drop",
            paramLabel = "POINTS",
            description =
                    "Stop climbing once top-1 is at most so many percentage points below the float"
                            + " network's, as in 1.0; needs labels. Exit with 3 if it is missed.")
    private @Nullable Double maxDrop;

    @Option(
            names = "--min-sqnr",
            paramLabel = "DB",
            description = "The same for the signal to noise ratio of the outputs; needs no labels.")
    private @Nullable Double minSqnr;

    @Option(
            names = "--min-agreement",
            paramLabel = "SHARE",
            description = "The same for the share of samples with the float network's top class.")
    private @Nullable Double minAgreement;

    @Option(
            names = "--val",
            paramLabel = "DATA",
            description =
                    "Samples to judge on, like --data. Default: a fifth of the calibration samples"
                            + " is held out; at good and best each half judges fits to the other.")
    private @Nullable Path val;

    @Option(
            names = "--max-size",
            paramLabel = "SHARE",
            description =
                    "Spend weights of more bits, where they help most, until the file is this share"
                            + " of the float one, as in 0.2.")
    private @Nullable Double maxSize;

    @Option(
            names = "--spare",
            paramLabel = "WHAT",
            description =
                    "What layers that need more bits to meet the limit should cost least: size, or"
                            + " latency, counted in multiply-adds in float. Default: size for"
                            + " weights of 4 bits, else latency.")
    private @Nullable String spare;

    @Option(
            names = "--passes",
            paramLabel = "NAME,…",
            split = ",",
            description =
                    "Apply exactly these passes and judge none, instead of climbing; none for no"
                            + " repair at all.")
    private @Nullable List<String> passes;

    @Option(
            names = "--allow-miss",
            description = "Write the best that was found even if the limit is missed.")
    private boolean allowMiss;

    /** Where the samples are that judge, if some of their own do. */
    Optional<Path> judging() {
        return Optional.ofNullable(val);
    }

    /**
     * What was asked for.
     *
     * @param prepare makes the samples of --val fit for the network
     * @throws ParameterException if options contradict each other or are out of range
     */
    Goal goal(Function<DataSet, Samples> prepare) {
        Goal goal = Goal.of(Effort.named(effort));
        Optional<Limit> limit = limit();
        if (limit.isPresent()) {
            goal = goal.within(limit.get());
        }
        if (val != null) {
            goal = goal.judgedOn(prepare.apply(DataSet.open(val)));
        }
        if (passes != null) {
            goal = goal.applying(named(passes));
        }
        Optional<Objective> sparing = sparing(limit);
        if (sparing.isPresent()) {
            goal = goal.sparing(sparing.get());
        }
        OptionalDouble size = maxSize();
        return size.isPresent() ? goal.atMost(size.getAsDouble()) : goal;
    }

    private List<String> named(List<String> wanted) {
        if (wanted.equals(List.of("none"))) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        wanted.forEach(name -> names.add(Passes.named(name.strip()).name()));
        return names;
    }

    private Optional<Objective> sparing(Optional<Limit> limit) {
        if (spare == null) {
            return Optional.empty();
        }
        if (limit.isEmpty()) {
            throw wrong("--spare is about meeting a limit, and none was given");
        }
        return Stream.of(Objective.values())
                .filter(objective -> objective.toString().equals(spare))
                .findFirst()
                .or(() -> {
                    throw wrong("--spare is size or latency, not \"%s\"".formatted(spare));
                });
    }

    private OptionalDouble maxSize() {
        if (maxSize == null) {
            return OptionalDouble.empty();
        }
        if (!(maxSize > 0 && maxSize <= 1)) {
            throw wrong(
                    "--max-size %s is no share of the float size; give one as in 0.2"
                            .formatted(maxSize));
        }
        return OptionalDouble.of(maxSize);
    }

    private Optional<Limit> limit() {
        long given =
                Stream.of(maxDrop, minSqnr, minAgreement).filter(value -> value != null).count();
        if (given > 1) {
            throw wrong("give one limit: --max-drop, --min-sqnr or --min-agreement");
        }
        if (allowMiss && given == 0) {
            throw wrong("--allow-miss is about a limit that is missed, and none was given");
        }
        try {
            if (maxDrop != null) {
                return Optional.of(new MaxDrop(maxDrop));
            }
            if (minSqnr != null) {
                return Optional.of(new MinSqnr(minSqnr));
            }
            return Optional.ofNullable(minAgreement).map(MinAgreement::new);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    /** Whether a network that misses the limit is written all the same. */
    boolean allowMiss() {
        return allowMiss;
    }

    private ParameterException wrong(@Nullable String message) {
        return new ParameterException(command.commandLine(), String.valueOf(message));
    }
}
