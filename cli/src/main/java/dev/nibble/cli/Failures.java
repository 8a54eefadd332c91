package dev.nibble.cli;

import dev.nibble.error.NibbleException;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.util.concurrent.CancellationException;

/** Turns what went wrong into one message and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final String DEBUG = "NIBBLE_DEBUG";

    /**
     * Whether the user asked, by the environment, for the place in the program where something
     * failed.
     */
    private final boolean debug;

    /**
     * @param debug whether stack traces are wanted
     */
    Failures(boolean debug) {
        this.debug = debug;
    }

    /** As the environment says. */
    static Failures ofEnvironment() {
        String value = System.getenv(DEBUG);
        return new Failures(value != null && !value.isEmpty() && !value.equals("0"));
    }

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult arguments) {
        return report(failure, command.getErr());
    }

    /** Tells what ended a command, and gives the exit code for it. */
    int report(Throwable failure, PrintWriter err) {
        int code =
                switch (failure) {
                    case CancellationException _ -> {
                        err.println("nibble: stopped; nothing was written");
                        yield ExitCodes.INTERRUPTED;
                    }
                    case NibbleException refused -> {
                        err.println("nibble: " + refused.getMessage());
                        yield ExitCodes.FAILED;
                    }
                    case OutOfMemoryError full -> {
                        err.println(
                                "nibble: out of memory (%s); give Java more with NIBBLE_JAVA_OPTS=-Xmx8g, or use fewer --threads"
                                        .formatted(full.getMessage()));
                        yield ExitCodes.FAILED;
                    }
                    default -> {
                        err.println("nibble: this is a bug in nibble: " + failure);
                        err.println(
                                "nibble: please report it; %s=1 shows where it happened"
                                        .formatted(DEBUG));
                        yield ExitCodes.FAILED;
                    }
                };
        if (debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return code;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("nibble: " + failure.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            command.usage(err);
        } else {
            err.println("See %s --help".formatted(command.getCommandSpec().qualifiedName()));
        }
        err.flush();
        return ExitCodes.USAGE;
    }
}
