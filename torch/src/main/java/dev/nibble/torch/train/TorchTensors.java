package dev.nibble.torch.train;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.bytedeco.javacpp.FloatPointer;

/** Copies between Nibble's tensors and libtorch's. */
final class TorchTensors {
    private TorchTensors() {}

    static org.bytedeco.pytorch.Tensor toTorch(Tensor tensor) {
        long[] dims = tensor.shape().dims();
        return switch (tensor.type()) {
            case FLOAT32 -> org.bytedeco.pytorch.Tensor.create(tensor.floats(), dims);
            case INT64 -> org.bytedeco.pytorch.Tensor.create(tensor.longs(), dims);
            default ->
                    throw new NibbleException(
                            "libtorch is handed float32 and int64 tensors, not "
                                    + tensor
                                    + "; convert it first");
        };
    }

    static Tensor fromTorch(org.bytedeco.pytorch.Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        new FloatPointer(tensor.contiguous().data_ptr()).get(values);
        return Tensor.ofFloats(Shape.of(tensor.shape()), values);
    }
}
