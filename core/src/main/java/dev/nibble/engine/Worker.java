package dev.nibble.engine;

import dev.nibble.observe.Statistic;

import java.util.ArrayList;
import java.util.List;

/**
 * What each thread of a {@link LocalLab} does: takes groups of samples until there are none left.
 */
record Worker<S extends Statistic<S>>(
        Samples samples,
        OpenProbes probes,
        Measurement<S> measurement,
        Fold<S> fold,
        Progress progress)
        implements Runnable {

    @Override
    public void run() {
        try {
            for (int group = fold.claim(); group >= 0; group = fold.claim()) {
                work(group);
            }
        } catch (InterruptedException cause) {
            // nobody in the lab interrupts: a sample, an engine or a measurement did
            fold.fail(Fold.BEFORE_ALL, cause);
        }
    }

    private void work(int group) {
        int index = fold.firstSample(group);
        try {
            List<S> partials = new ArrayList<>();
            for (; index < fold.firstSample(group + 1); index++) {
                if (!fold.wanted(index)) {
                    return;
                }
                S partial = fold.startsChunk(index) ? fold.nothing() : partials.removeLast();
                partials.add(partial.merge(measure(index)));
                progress.advance(1);
            }
            fold.complete(group, partials);
        } catch (Throwable failure) {
            fold.fail(index, failure);
        }
    }

    private S measure(int index) {
        Sample sample = samples.get(index);
        return probes.run(sample, outputs -> measurement.measure(sample, outputs));
    }
}
