package dev.nibble.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import dev.nibble.engine.Outputs;
import dev.nibble.engine.Session;
import dev.nibble.onnxruntime.RunMemory.OutputType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network that ONNX Runtime has loaded.
 *
 * <p>The first run on inputs of some shapes shows the shapes of the outputs; further ones write
 * into memory that is kept for as many runs as there were at once. Where an output turns out to
 * have another shape the run is repeated without.
 */
final class OnnxRuntimeSession implements Session {
    private final OrtSession session;
    private final Declared declared;
    private final Wanted wanted;
    private final TemporaryFolder folder;
    private final OutputTypes types = new OutputTypes();
    private final ReentrantLock firstRun = new ReentrantLock();
    private final ConcurrentLinkedQueue<RunMemory> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /**
     * What a run brings back.
     *
     * @param computed outputs of the session
     * @param constants values that no run changes
     * @param echoed inputs that are handed back as they came
     */
    record Wanted(Set<String> computed, Map<String, Tensor> constants, Set<String> echoed) {
        Map<String, Tensor> withoutRunning(Map<String, Tensor> inputs) {
            Map<String, Tensor> tensors = new HashMap<>(inputs);
            tensors.keySet().retainAll(echoed);
            tensors.putAll(constants);
            return tensors;
        }
    }

    /**
     * Takes over a session and the folder that its file is in.
     *
     * @param folder deleted when the session is closed
     */
    OnnxRuntimeSession(
            OrtSession session, Declared declared, Wanted wanted, TemporaryFolder folder) {
        this.session = session;
        this.declared = declared;
        this.wanted = wanted;
        this.folder = folder;
    }

    @Override
    public Outputs run(Map<String, Tensor> inputs) {
        List<Shape> shapes = declared.check(inputs);
        if (wanted.computed().isEmpty()) {
            return new RunOutputs(wanted.withoutRunning(inputs), () -> {});
        }
        if (types.isEmpty()) {
            // one at a time: outputs that the engine allocates itself take as much memory again
            firstRun.lock();
            try {
                if (types.isEmpty()) {
                    return run(inputs, shapes);
                }
            } finally {
                firstRun.unlock();
            }
        }
        return run(inputs, shapes);
    }

    private Outputs run(Map<String, Tensor> inputs, List<Shape> shapes) {
        try {
            RunMemory memory = acquire(shapes);
            try {
                Map<String, Tensor> tensors = wanted.withoutRunning(inputs);
                tensors.putAll(compute(memory, inputs, shapes));
                return new RunOutputs(tensors, () -> release(memory));
            } catch (Throwable failure) {
                memory.close();
                throw failure;
            }
        } catch (OrtException cause) {
            throw Failures.running(declared.network(), cause);
        }
    }

    private Map<String, Tensor> compute(
            RunMemory memory, Map<String, Tensor> inputs, List<Shape> shapes) throws OrtException {
        Map<String, OnnxTensor> fed = new HashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                fed.put(input.getKey(), memory.input(input.getKey(), input.getValue()));
            }
            try {
                return compute(fed, memory.pinned(), memory.tensors(), shapes);
            } catch (OrtException failure) {
                if (memory.pinned().isEmpty()) {
                    throw failure;
                }
                // an output may have another shape than last time; if it was something else it
                // comes again
                return compute(fed, Map.of(), Map.of(), shapes);
            }
        } finally {
            OnnxValue.close(fed);
        }
    }

    private Map<String, Tensor> compute(
            Map<String, OnnxTensor> fed,
            Map<String, OnnxTensor> pinned,
            Map<String, Tensor> pinnedTensors,
            List<Shape> shapes)
            throws OrtException {
        Set<String> others = new HashSet<>(wanted.computed());
        others.removeAll(pinned.keySet());
        Map<String, Tensor> tensors = new HashMap<>(pinnedTensors);
        Map<String, OutputType> learned = new HashMap<>();
        try (OrtSession.Result result = session.run(fed, others, pinned)) {
            for (Map.Entry<String, OnnxValue> output : result) {
                if (others.contains(output.getKey())) {
                    Tensor tensor = Transfer.copy((OnnxTensor) output.getValue());
                    tensors.put(output.getKey(), tensor);
                    learned.put(output.getKey(), new OutputType(tensor.type(), tensor.shape()));
                }
            }
        }
        types.learn(shapes, learned);
        return tensors;
    }

    private RunMemory acquire(List<Shape> shapes) throws OrtException {
        Map<String, OutputType> expected = types.expected(shapes);
        RunMemory memory = idle.poll();
        if (memory != null && memory.fits(shapes, expected)) {
            return memory;
        }
        if (memory != null) {
            memory.close();
        }
        return new RunMemory(shapes, expected);
    }

    private void release(RunMemory memory) {
        idle.add(memory);
        if (closed) {
            freeIdle();
        }
    }

    private void freeIdle() {
        for (RunMemory memory = idle.poll(); memory != null; memory = idle.poll()) {
            memory.close();
        }
    }

    /** Where the profile of a session that writes one is; it is complete from now on. */
    Path endProfiling() {
        try {
            return Path.of(session.endProfiling());
        } catch (OrtException cause) {
            throw Failures.running(declared.network(), cause);
        }
    }

    @Override
    public void close() {
        closed = true;
        freeIdle();
        try (folder) {
            session.close();
        } catch (OrtException cause) {
            throw Failures.closing(declared.network(), cause);
        }
    }
}
