package dev.nibble.engine;

import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The sessions of several probes, in their order, opened and closed together. */
record OpenProbes(List<Session> sessions) implements AutoCloseable {

    static OpenProbes open(List<Probe> probes, Engine engine, ModelFormat format) {
        OpenProbes open = new OpenProbes(new ArrayList<>());
        try {
            for (Probe probe : probes) {
                open.sessions.add(
                        engine.open(
                                probe.model(), probe.fetch(), format, EngineOptions.SINGLE_THREAD));
            }
            return open;
        } catch (Throwable failure) {
            try (open) {
                throw failure;
            }
        }
    }

    /** Runs every session on a sample and hands all outputs to {@code use} while they are valid. */
    <R> R run(Sample sample, Function<List<Map<String, Tensor>>, R> use) {
        return run(sample, use, new ArrayList<>());
    }

    private <R> R run(
            Sample sample,
            Function<List<Map<String, Tensor>>, R> use,
            List<Map<String, Tensor>> outputs) {
        if (outputs.size() == sessions.size()) {
            return use.apply(outputs);
        }
        try (Outputs next = sessions.get(outputs.size()).run(sample.inputs())) {
            outputs.add(next.tensors());
            return run(sample, use, outputs);
        }
    }

    @Override
    public void close() {
        close(sessions.size());
    }

    /** Closes the last session first, and the others whatever happens. */
    private void close(int count) {
        if (count > 0) {
            try (Session _ = sessions.get(count - 1)) {
                // closed on the way out
            } finally {
                close(count - 1);
            }
        }
    }
}
