package dev.nibble.cli;

import dev.nibble.engine.Progress;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows how far long work has come: a bar with the time left on a terminal, now and then a line
 * anywhere else.
 *
 * <p>Work of less than a second shows nothing.
 */
final class ProgressBars implements Progress {
    private static final int BAR_WIDTH = 78;
    private static final int INTERVAL_MILLIS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final double NANOS = 1e9;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final Terminal terminal;
    private final LongSupplier nanoTime;

    private String stage = "";
    private long steps;
    private long done;
    private long begun;
    private long firstDone;
    private long firstDoneAt;
    private long nextLine;
    private boolean drawn;
    private @Nullable ProgressBar bar;

    /**
     * Shows progress on a stream.
     *
     * @param terminal whether a line can be drawn over, and in colours
     * @param nanoTime the clock, in nanoseconds
     */
    ProgressBars(PrintWriter err, Terminal terminal, LongSupplier nanoTime) {
        this.err = err;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void start(String stage, long steps) {
        this.stage = stage;
        this.steps = steps;
        done = 0;
        firstDone = 0;
        begun = nanoTime.getAsLong();
        nextLine = begun + PATIENCE.toNanos();
        drawn = false;
        if (terminal.err() && steps > 0) {
            bar = newBar();
        }
    }

    private ProgressBar newBar() {
        return new ProgressBarBuilder()
                .setTaskName(stage)
                .setInitialMax(steps)
                .setStyle(
                        terminal.errColor()
                                ? ProgressBarStyle.COLORFUL_UNICODE_BAR
                                : ProgressBarStyle.UNICODE_BLOCK)
                .continuousUpdate()
                .setUpdateIntervalMillis(INTERVAL_MILLIS)
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, BAR_WIDTH))
                .build();
    }

    /** Called from the bar's own thread. */
    private void draw(String line) {
        synchronized (this) {
            if (bar != null && nanoTime.getAsLong() - begun >= PATIENCE.toNanos()) {
                err.print(CLEAR + line);
                err.flush();
                drawn = true;
            }
        }
    }

    @Override
    public void advance(long more) {
        ProgressBar current;
        synchronized (this) {
            done += more;
            current = bar;
            if (current == null) {
                say();
            }
        }
        // outside the lock: the bar draws under its own
        if (current != null) {
            current.stepBy(more);
        }
    }

    /** The first steps tell nothing about the others: before them the network is loaded. */
    private void say() {
        long now = nanoTime.getAsLong();
        if (firstDone == 0) {
            firstDone = done;
            firstDoneAt = now;
            return;
        }
        double left = (now - firstDoneAt) / NANOS / (done - firstDone) * (steps - done);
        if (now >= nextLine && left >= 1) {
            err.println(
                    "%s: %d of %d, about %s left"
                            .formatted(stage, done, steps, Figures.seconds(left)));
            err.flush();
            nextLine = now + BETWEEN_LINES.toNanos();
        }
    }

    @Override
    public void finish() {
        ProgressBar current;
        synchronized (this) {
            current = bar;
            bar = null;
        }
        if (current != null) {
            current.close();
        }
        synchronized (this) {
            if (drawn) {
                err.print(CLEAR);
                err.flush();
                drawn = false;
            }
        }
    }
}
