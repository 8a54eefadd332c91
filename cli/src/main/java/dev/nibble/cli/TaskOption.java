package dev.nibble.cli;

import dev.nibble.task.Task;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the first output of the networks is for. */
final class TaskOption {
    private static final String AUTO = "auto";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description =
                    "What the first output is for: auto (the default), classification, embedding,"
                            + " segmentation, regression, sequence, tensor.")
    private @Nullable String task;

    /**
     * The task that was told; empty if it is to be guessed.
     *
     * @throws ParameterException if there is none of that name
     */
    Optional<Task> told() {
        if (task == null || task.equals(AUTO)) {
            return Optional.empty();
        }
        for (Task one : Task.values()) {
            if (one.toString().equals(task)) {
                return Optional.of(one);
            }
        }
        List<String> names = new ArrayList<>(List.of(AUTO));
        names.addAll(Stream.of(Task.values()).map(Task::toString).toList());
        throw new ParameterException(
                command.commandLine(),
                "--task %s is unknown; give one of %s".formatted(task, String.join(", ", names)));
    }
}
