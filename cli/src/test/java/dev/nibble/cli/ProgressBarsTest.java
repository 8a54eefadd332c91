package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;

class ProgressBarsTest {
    private static final long SECOND = 1_000_000_000L;

    private final StringWriter err = new StringWriter();
    private final AtomicLong clock = new AtomicLong(5);

    private ProgressBars bars(boolean terminal) {
        return new ProgressBars(
                new PrintWriter(err), new Terminal(terminal, terminal, false, 80), clock::get);
    }

    @Test
    void shortWorkShowsNothing() {
        ProgressBars bars = bars(false);
        bars.start("calibrating", 100);
        for (int i = 0; i < 100; i++) {
            clock.addAndGet(SECOND / 200);
            bars.advance(1);
        }
        bars.finish();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void longWorkSaysNowAndThenHowMuchIsLeft() {
        ProgressBars bars = bars(false);
        bars.start("calibrating", 40);
        for (int i = 0; i < 40; i++) {
            clock.addAndGet(SECOND / 2);
            bars.advance(1);
        }
        bars.finish();
        assertThat(err.toString().lines())
                .containsExactly(
                        "calibrating: 2 of 40, about 19.0 s left",
                        "calibrating: 22 of 40, about 9.0 s left");
    }

    @Test
    void aTerminalGetsABarThatIsWipedOutAtTheEnd() throws InterruptedException {
        ProgressBars bars = bars(true);
        bars.start("calibrating", 10);
        clock.addAndGet(2 * SECOND);
        bars.advance(4);
        awaitText("40%");
        bars.finish();
        assertThat(err.toString()).contains("calibrating").endsWith("\r\u001b[K");
    }

    @Test
    void aTerminalIsLeftAloneByShortWork() throws InterruptedException {
        ProgressBars bars = bars(true);
        bars.start("calibrating", 10);
        bars.advance(10);
        bars.finish();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void workWithoutStepsShowsNothing() {
        ProgressBars bars = bars(true);
        bars.start("calibrating", 0);
        bars.finish();
        assertThat(err.toString()).isEmpty();
    }

    private void awaitText(String text) throws InterruptedException {
        for (int i = 0; i < 100 && !err.toString().contains(text); i++) {
            Thread.sleep(50);
        }
        assertThat(err.toString()).contains(text);
    }
}
