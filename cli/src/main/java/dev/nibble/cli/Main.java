package dev.nibble.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code nibble} command: reads the arguments and hands the work to a subcommand. */
@Command(
        name = "nibble",
        description = "Makes trained neural networks 8-bit and shows what it cost.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
public final class Main implements Runnable {
    @Spec private CommandSpec spec;

    /** Runs one command and ends the virtual machine with its exit code. */
    public static void main(String[] arguments) {
        StandardError.adopt();
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "No command was given; choose one of those below.");
    }
}
