package dev.nibble.engine;

import dev.nibble.observe.Statistic;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * Hands out groups of consecutive chunks to workers and folds their partial results in chunk order.
 *
 * <p>A worker that would run more than {@code window} groups ahead of the fold waits, so that few
 * partial results are kept. After a failure no later sample is begun, but the earlier ones are
 * finished: the first failure in sample order counts, however the threads were scheduled. A
 * cancellation counts before all.
 */
final class Fold<S extends Statistic<S>> {
    /** Stands for a place in front of the first sample, for what ends the work as a whole. */
    static final int BEFORE_ALL = -1;

    private final S nothing;
    private final int samples;
    private final int chunk;
    private final int groupChunks;
    private final int window;
    private final Map<Integer, List<S>> waiting = new HashMap<>();
    private S folded;
    private int claimed;
    private int done;
    private volatile int failedAt = Integer.MAX_VALUE;
    private @Nullable Throwable failure;

    Fold(S nothing, int samples, int chunk, int groupChunks, int window) {
        this.nothing = nothing;
        this.samples = samples;
        this.chunk = chunk;
        this.groupChunks = groupChunks;
        this.window = window;
        this.folded = nothing;
    }

    /** How many groups there are. */
    int groups() {
        return Math.ceilDiv(samples, Math.multiplyExact(chunk, groupChunks));
    }

    /** The first sample of a group, or the number of samples if there is no such group. */
    int firstSample(int group) {
        return (int) Math.min(samples, (long) group * chunk * groupChunks);
    }

    boolean startsChunk(int sample) {
        return sample % chunk == 0;
    }

    S nothing() {
        return nothing;
    }

    /**
     * The next group to work on, or −1 if there is none; waits while too many are ahead of the
     * fold.
     */
    synchronized int claim() throws InterruptedException {
        while (claimed - done >= window && wanted(firstSample(claimed))) {
            wait();
        }
        return claimed < groups() && wanted(firstSample(claimed)) ? claimed++ : -1;
    }

    /** Whether a sample still matters: nothing has failed before it. */
    boolean wanted(int sample) {
        return sample < failedAt;
    }

    /** Takes the partial results of a group, one for each of its chunks. */
    synchronized void complete(int group, List<S> partials) {
        waiting.put(group, partials);
        for (List<S> next = waiting.remove(done); next != null; next = waiting.remove(done)) {
            for (S partial : next) {
                folded = folded.merge(partial);
            }
            done++;
        }
        notifyAll();
    }

    synchronized void fail(int sample, Throwable cause) {
        int at = cause instanceof CancellationException ? BEFORE_ALL : sample;
        if (at < failedAt) {
            failedAt = at;
            failure = cause;
        }
        notifyAll();
    }

    /** All partial results folded; throws what failed instead, if something did. */
    synchronized S result() {
        switch (failure) {
            case null -> {
                return folded;
            }
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            case Throwable checked -> throw new IllegalStateException("a worker failed", checked);
        }
    }
}
