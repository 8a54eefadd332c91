package dev.nibble.torch.operator;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.List;

/** Copies between Nibble's tensors and libtorch's. */
public final class TorchTensors {
    private TorchTensors() {}

    /** A copy; whole numbers become int64. */
    public static org.bytedeco.pytorch.Tensor toTorch(Tensor tensor) {
        long[] dims = tensor.shape().dims();
        return switch (tensor.type()) {
            case FLOAT32 -> org.bytedeco.pytorch.Tensor.create(tensor.floats(), dims);
            case INT64, INT32 -> ofLongs(tensor.longs(), dims);
            default ->
                    throw new NibbleException(
                            "libtorch is handed float32, int32 and int64 tensors, not "
                                    + tensor
                                    + "; convert it first");
        };
    }

    static org.bytedeco.pytorch.Tensor ofLongs(long[] values, long... dims) {
        return org.bytedeco.pytorch.Tensor.create(values, dims);
    }

    /** A copy of float32 tensors of one shape, joined along the first axis. */
    public static org.bytedeco.pytorch.Tensor joined(List<Tensor> tensors) {
        long[] dims = tensors.getFirst().shape().dims();
        dims[0] *= tensors.size();
        org.bytedeco.pytorch.Tensor all = torch.empty(dims);
        FloatPointer target = new FloatPointer(all.data_ptr());
        long at = 0;
        for (Tensor tensor : tensors) {
            target.position(at).put(tensor.floats());
            at += tensor.elements();
        }
        return all;
    }

    /** A copy of a float32 tensor. */
    public static Tensor fromTorch(org.bytedeco.pytorch.Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        new FloatPointer(tensor.contiguous().data_ptr()).get(values);
        return Tensor.ofFloats(Shape.of(tensor.shape()), values);
    }

    static long[] longs(org.bytedeco.pytorch.Tensor tensor) {
        long[] values = new long[Math.toIntExact(tensor.numel())];
        new LongPointer(tensor.toType(ScalarType.Long).contiguous().data_ptr()).get(values);
        return values;
    }
}
