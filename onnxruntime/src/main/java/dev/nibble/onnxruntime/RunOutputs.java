package dev.nibble.onnxruntime;

import dev.nibble.engine.Outputs;
import dev.nibble.tensor.Tensor;

import java.util.Collections;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The outputs of one run, and what to do once they are no longer read. */
final class RunOutputs implements Outputs {
    private final Map<String, Tensor> tensors;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    RunOutputs(Map<String, Tensor> tensors, Runnable release) {
        this.tensors = Collections.unmodifiableMap(tensors);
        this.release = release;
    }

    @Override
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        // twice would hand the same memory to two runs
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
