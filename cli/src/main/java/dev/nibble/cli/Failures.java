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
import java.util.function.BooleanSupplier;

/** Turns what went wrong into one message and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final String DEBUG = "NIBBLE_DEBUG";
    private static final String STOPPED = "stopped; no file is half-written";

    private final boolean debug;
    private final BooleanSupplier stopped;

    /**
     * Reports failures.
     *
     * @param debug whether stack traces are wanted
     * @param stopped tells whether the user has stopped the command: whatever fails then, fails
     *     because of that
     */
    Failures(boolean debug, BooleanSupplier stopped) {
        this.debug = debug;
        this.stopped = stopped;
    }

    /** With stack traces if the environment says so. */
    static Failures ofEnvironment(BooleanSupplier stopped) {
        String value = System.getenv(DEBUG);
        return new Failures(value != null && !value.isEmpty() && !value.equals("0"), stopped);
    }

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult arguments) {
        return report(failure, command.getErr());
    }

    /** Tells what ended a command, and gives the exit code for it. */
    int report(Throwable failure, PrintWriter err) {
        boolean cancelled = stopped.getAsBoolean() || failure instanceof CancellationException;
        err.println("nibble: " + (cancelled ? STOPPED : message(failure)));
        if (debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return cancelled ? ExitCodes.INTERRUPTED : ExitCodes.FAILED;
    }

    private static String message(Throwable failure) {
        return switch (failure) {
            case NibbleException refused -> String.valueOf(refused.getMessage());
            case OutOfMemoryError full ->
                    "out of memory (%s); give Java more with NIBBLE_JAVA_OPTS=-Xmx8g, or use fewer --threads"
                            .formatted(full.getMessage());
            default ->
                    "this is a bug in nibble: %s; please report it, with what %s=1 shows"
                            .formatted(failure, DEBUG);
        };
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
