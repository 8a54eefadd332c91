package dev.nibble.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens on Ctrl-C: the command is interrupted and gets a moment to remove what it has not
 * finished.
 *
 * <p>The virtual machine then ends with the exit code that shells expect, 128 and the number of the
 * signal.
 */
final class Interruption {
    private static final long PATIENCE_SECONDS = 10;

    private final Thread command;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean happened;

    private Interruption(Thread command) {
        this.command = command;
    }

    /** From now on Ctrl-C interrupts the calling thread. */
    static Interruption ofThisThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(interruption::interrupt, "nibble-interruption"));
        return interruption;
    }

    /** To be called when the command has ended and cleaned up. */
    void commandEnded() {
        ended.countDown();
    }

    /** Whether the user has stopped the command. */
    boolean happened() {
        return happened;
    }

    private void interrupt() {
        if (ended.getCount() == 0) {
            return;
        }
        happened = true;
        command.interrupt();
        try {
            ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
