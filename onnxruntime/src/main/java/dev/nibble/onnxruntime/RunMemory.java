package dev.nibble.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;

import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Native memory for one run at a time: where inputs from the heap are put, and where ONNX Runtime
 * writes outputs.
 *
 * <p>ONNX Runtime's own outputs can only be had as copies on the heap, which for all inner values
 * of a network costs more than running it. Memory of ours is written in place and used again.
 */
final class RunMemory implements AutoCloseable {
    /** What the processor's widest vectors like. */
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final List<Shape> inputShapes;
    private final Map<String, MemorySegment> staging = new HashMap<>();
    private final Map<String, OnnxTensor> pinned = new HashMap<>();
    private final Map<String, Tensor> tensors = new HashMap<>();

    /**
     * Memory for runs on inputs of the given shapes.
     *
     * @param outputs what is known of the outputs then; the others are left to the engine
     */
    RunMemory(List<Shape> inputShapes, Map<String, OutputType> outputs) throws OrtException {
        this.inputShapes = inputShapes;
        try {
            for (Map.Entry<String, OutputType> output : outputs.entrySet()) {
                pin(output.getKey(), output.getValue());
            }
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /** Type and shape of an output. */
    record OutputType(DataType type, Shape shape) {
        /** Whether ONNX Runtime can write it into memory of ours. */
        boolean canBePinned() {
            return ElementTypes.inPlace(type) && shape.elements() > 0;
        }
    }

    private void pin(String name, OutputType output) throws OrtException {
        MemorySegment memory =
                arena.allocate(output.type().bytes(output.shape().elements()), ALIGNMENT);
        pinned.put(name, Transfer.over(memory, output.type(), output.shape()));
        tensors.put(name, new Tensor(output.type(), output.shape(), memory));
    }

    boolean fits(List<Shape> shapes, Map<String, OutputType> outputs) {
        return inputShapes.equals(shapes) && pinned.keySet().equals(outputs.keySet());
    }

    /** The outputs that the engine is to write into this memory. */
    Map<String, OnnxTensor> pinned() {
        return pinned;
    }

    /** The same outputs, as they are read. */
    Map<String, Tensor> tensors() {
        return tensors;
    }

    /**
     * An input for the engine: over the tensor's own memory where that is native, else over a copy.
     */
    OnnxTensor input(String name, Tensor tensor) throws OrtException {
        if (tensor.type() == DataType.STRING) {
            return Transfer.ofStrings(tensor);
        }
        MemorySegment data = tensor.data();
        if (data.isNative()
                && data.address() % Math.max(1, tensor.type().bits() / Byte.SIZE) == 0) {
            return Transfer.over(data, tensor.type(), tensor.shape());
        }
        MemorySegment copy =
                staging.computeIfAbsent(name, _ -> arena.allocate(data.byteSize(), ALIGNMENT));
        copy.copyFrom(data);
        return Transfer.over(copy, tensor.type(), tensor.shape());
    }

    @Override
    public void close() {
        pinned.values().forEach(OnnxTensor::close);
        arena.close();
    }
}
