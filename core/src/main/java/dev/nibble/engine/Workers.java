package dev.nibble.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** The threads of a {@link LocalLab}: started together, all ended when {@link #run} returns. */
final class Workers {
    private Workers() {}

    /**
     * Runs the same task on several threads and waits for all.
     *
     * <p>If the caller is interrupted the fold is cancelled, which ends the tasks after the sample
     * they are at; the caller's interrupt status is kept.
     */
    static void run(int count, Runnable task, Fold<?> fold) {
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 1; i <= count; i++) {
                threads.add(Thread.ofPlatform().daemon().name("nibble-lab-" + i).start(task));
            }
        } catch (Throwable failure) {
            fold.fail(Fold.BEFORE_ALL, failure);
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                    fold.fail(
                            Fold.BEFORE_ALL, new CancellationException("the work was interrupted"));
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
