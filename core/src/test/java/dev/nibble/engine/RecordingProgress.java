package dev.nibble.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what it was told. */
final class RecordingProgress implements Progress {
    final List<String> events = new ArrayList<>();
    final AtomicInteger advanced = new AtomicInteger();
    int cancelAfter = Integer.MAX_VALUE;

    @Override
    public void start(String stage, long steps) {
        events.add("start " + stage + " " + steps);
    }

    @Override
    public void advance(long steps) {
        if (advanced.addAndGet((int) steps) >= cancelAfter) {
            throw new CancellationException("enough");
        }
    }

    @Override
    public void finish() {
        events.add("finish");
    }
}
