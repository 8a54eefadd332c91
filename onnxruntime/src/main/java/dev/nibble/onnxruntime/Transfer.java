package dev.nibble.onnxruntime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtUtil;
import ai.onnxruntime.TensorInfo;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Makes tensors of one side from tensors of the other. */
final class Transfer {
    /** The Java binding addresses a tensor by an int, less a little. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    private Transfer() {}

    /** A tensor of the binding over native memory, which it reads and writes in place. */
    static OnnxTensor over(MemorySegment memory, DataType type, Shape shape) throws OrtException {
        if (memory.byteSize() > MAX_BYTES) {
            throw new NibbleException(
                    "a tensor %s takes %d bytes, and ONNX Runtime for Java passes at most %d; use smaller samples"
                            .formatted(type + " " + shape, memory.byteSize(), MAX_BYTES));
        }
        ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder());
        OnnxJavaType javaType = ElementTypes.fed(type).orElseThrow();
        return OnnxTensor.createTensor(Environment.shared(), buffer, shape.dims(), javaType);
    }

    static OnnxTensor ofStrings(Tensor tensor) throws OrtException {
        return OnnxTensor.createTensor(
                Environment.shared(),
                tensor.strings().toArray(String[]::new),
                tensor.shape().dims());
    }

    /** A copy on the heap of what the engine made. */
    static Tensor copy(OnnxTensor made) throws OrtException {
        TensorInfo info = made.getInfo();
        DataType type = ElementTypes.of(info).orElseThrow();
        Shape shape = Shape.of(info.getShape());
        if (type == DataType.STRING) {
            Object value = made.getValue();
            return Tensor.ofStrings(
                    shape,
                    value instanceof String text
                            ? List.of(text)
                            : List.of(OrtUtil.flattenString(value)));
        }
        return new Tensor(type, shape, MemorySegment.ofBuffer(made.getByteBuffer()));
    }
}
