package dev.nibble.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code nibble} command: reads the arguments and hands the work to a subcommand. */
@Command(
        name = "nibble",
        header = "Makes trained neural networks 8-bit or 4-bit and shows what it cost.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        usageHelpAutoWidth = false,
        sortOptions = false,
        versionProvider = BuildVersion.class,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused or failed; one message says why and what to do",
            "2:the command line is wrong",
            "3:done, but a limit given on the command line was missed",
            "130:stopped with Ctrl-C; no file is half-written"
        },
        subcommands = {
            QuantizeCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            CompareCommand.class,
            ReportCommand.class,
            InspectCommand.class,
            DequantizeCommand.class,
            RecipesCommand.class,
            PassesCommand.class,
            DemoCommand.class
        })
public final class Main implements Runnable {
    private static final int HELP_WIDTH = 100;

    private final Terminal terminal;

    @Spec private CommandSpec spec;

    /** The command for something else than a terminal: without colours or bars. */
    public Main() {
        this(Terminal.NONE);
    }

    private Main(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs one command and ends the virtual machine with its exit code. */
    public static void main(String[] arguments) {
        StandardError.adopt();
        Interruption interruption = Interruption.ofThisThread();
        Failures failures = Failures.ofEnvironment(interruption::happened);
        int code = execute(commandLine(Terminal.detect(), failures), failures, arguments);
        interruption.commandEnded();
        System.exit(code);
    }

    private static int execute(CommandLine line, Failures failures, String[] arguments) {
        try {
            return line.execute(arguments);
        } catch (Error failure) {
            // the command line library passes these on
            return failures.report(failure, line.getErr());
        }
    }

    /** Everything that the command line understands, ready to execute. */
    static CommandLine commandLine(Terminal terminal, Failures failures) {
        CommandLine line = new CommandLine(new Main(terminal));
        line.setColorScheme(
                        CommandLine.Help.defaultColorScheme(terminal.color() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.min(HELP_WIDTH, terminal.width()))
                .setUsageHelpLongOptionsMaxWidth(28)
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
        return line;
    }

    Terminal terminal() {
        return terminal;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "No command was given; choose one of those below.");
    }
}
