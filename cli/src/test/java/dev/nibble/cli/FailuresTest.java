package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.error.NibbleException;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CancellationException;

class FailuresTest {
    private final StringWriter err = new StringWriter();

    private int report(Failures failures, Throwable failure) {
        return failures.report(failure, new PrintWriter(err));
    }

    private static Failures failures(boolean stopped) {
        return new Failures(false, () -> stopped);
    }

    @Test
    void whatTheUserCanFixIsOneLine() {
        int code = report(failures(false), new NibbleException("a.onnx is not there"));
        assertThat(code).isEqualTo(ExitCodes.FAILED);
        assertThat(err).hasToString("nibble: a.onnx is not there" + System.lineSeparator());
    }

    @Test
    void whatNobodyExpectedIsCalledABug() {
        int code = report(failures(false), new IllegalStateException("no such state"));
        assertThat(code).isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString())
                .contains(
                        "bug in nibble", "IllegalStateException: no such state", "NIBBLE_DEBUG=1");
    }

    @Test
    void thePlaceIsShownOnlyToWhoAsksForIt() {
        report(new Failures(true, () -> false), new NibbleException("no"));
        assertThat(err.toString()).contains("thePlaceIsShownOnlyToWhoAsksForIt");
    }

    @Test
    void tooLittleMemoryHasARemedy() {
        report(failures(false), new OutOfMemoryError("Java heap space"));
        assertThat(err.toString()).contains("out of memory (Java heap space)", "-Xmx", "--threads");
    }

    @Test
    void aCancelledCommandHasTheExitCodeOfTheSignal() {
        int code = report(failures(false), new CancellationException());
        assertThat(code).isEqualTo(130);
        assertThat(err.toString()).contains("stopped");
    }

    @Test
    void whatFailsAfterCtrlCFailsBecauseOfIt() {
        int code = report(failures(true), new NibbleException("cannot read: interrupted"));
        assertThat(code).isEqualTo(130);
        assertThat(err.toString()).contains("stopped").doesNotContain("cannot read");
    }
}
