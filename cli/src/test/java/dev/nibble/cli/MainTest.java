package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What all commands have in common. */
class MainTest {
    private static CommandLine line() {
        return Main.commandLine(Terminal.NONE, new Failures(false, () -> false));
    }

    static Set<String> commands() {
        return line().getSubcommands().keySet();
    }

    static Stream<String> readersOfData() {
        return Stream.of("quantize", "evaluate").filter(commands()::contains);
    }

    private static List<String> options(String command) {
        CommandLine named = Objects.requireNonNull(line().getSubcommands().get(command));
        return named.getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
    }

    @Test
    void helpListsTheCommandsAndTheExitCodes() {
        Run run = Run.of("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("quantize")
                .contains("130")
                .contains("the command line is wrong");
    }

    @Test
    void theVersionNamesNibbleAndJava() {
        Run run = Run.of("--version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines()).anyMatch(text -> text.matches("nibble \\d+\\.\\d+.*"));
        assertThat(run.outLines()).anyMatch(text -> text.startsWith("Java 25"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItself(String command) {
        Run run = Run.of(command, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("nibble " + command, "Exit codes:", "130")
                .containsPattern("Examples?:");
        assertThat(run.outLines())
                .allSatisfy(text -> assertThat(text.length()).isLessThanOrEqualTo(100));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandTakesTheCommonOptions(String command) {
        assertThat(options(command))
                .contains("--json", "--quiet", "--threads", "--force", "--help");
    }

    @ParameterizedTest
    @MethodSource("readersOfData")
    void whatReadsDataTakesTheOptionsForIt(String command) {
        assertThat(options(command))
                .contains("--data", "--preprocess", "--samples", "--batch", "--seed");
    }

    @Test
    void noCommandIsAWrongCommandLine() {
        Run run = Run.of();
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).startsWith("nibble: No command was given").contains("quantize");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantise", "qantize"})
    void aMisspeltCommandIsGuessed(String word) {
        Run run = Run.of(word);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains(word, "quantize");
    }
}
