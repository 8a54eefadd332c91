package dev.nibble.cli;

import dev.nibble.formats.json.JsonFile;
import dev.nibble.formats.json.Origin;
import dev.nibble.formats.json.Origin.NextStep;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What every command takes: how it answers, and how many processors it may use. */
final class OutputOptions {
    private static final String STANDARD_OUTPUT = "-";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--json",
            paramLabel = "FILE|-",
            description =
                    "Write the result as JSON, too; with - to standard output, which then carries"
                            + " nothing else.")
    private @Nullable String json;

    @Option(names = "--force", description = "Replace files that exist.")
    private boolean force;

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing but errors.")
    private boolean quiet;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Count.class,
            description =
                    "Samples that run at the same time; results do not depend on it. Default: one"
                            + " on each processor.")
    private @Nullable Integer threads;

    /** How many threads to use. */
    int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** What was typed, for a shell to do again. */
    String commandLine() {
        return "nibble "
                + command.root().commandLine().getParseResult().originalArgs().stream()
                        .map(OutputOptions::quoted)
                        .collect(Collectors.joining(" "));
    }

    /** An argument as a shell reads it. */
    static String quoted(String argument) {
        return argument.matches("[\\w@%+=:,./-]+")
                ? argument
                : "'" + argument.replace("'", "'\\''") + "'";
    }

    /**
     * What a report tells of how it came about.
     *
     * @param next commands to try
     * @param judging samples besides those of the data
     */
    Origin origin(DataOptions data, List<NextStep> next, Optional<Path> judging) {
        return new Origin(
                Optional.of(BuildVersion.nibble()),
                Optional.of(commandLine()),
                data.seed(),
                next,
                Pictures.of(Stream.concat(data.files().stream(), judging.stream())));
    }

    /** Whether files that exist may be replaced. */
    boolean force() {
        return force;
    }

    Console console() {
        return new Console(
                command.commandLine().getOut(),
                command.commandLine().getErr(),
                ((Main) command.root().userObject()).terminal(),
                quiet,
                STANDARD_OUTPUT.equals(json));
    }

    /**
     * Refuses a JSON file that could not be written: to be called before any work.
     *
     * @param taken the files that the command reads or writes anyway
     * @throws dev.nibble.error.NibbleException naming the file and what to do
     */
    void check(Path... taken) {
        if (json != null && !STANDARD_OUTPUT.equals(json)) {
            OutputFiles.check(Path.of(json), force, taken);
        }
    }

    /** Writes the result as JSON to where it was asked for, if it was. */
    void writeJson(Object result) {
        if (json == null) {
            return;
        }
        if (STANDARD_OUTPUT.equals(json)) {
            console().json(result);
        } else {
            JsonFile.write(result, Path.of(json));
        }
    }
}
