package dev.nibble.torch.operator;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Copies between Nibble's tensors and libtorch's. */
public final class TorchTensors {
    private TorchTensors() {}

    /** Whether tensors of a type can be handed to libtorch. */
    public static boolean takes(DataType type) {
        return switch (type) {
            case FLOAT32, FLOAT64, FLOAT16, BFLOAT16, BOOL -> true;
            case INT64, INT32, INT16, INT8, INT4, INT2 -> true;
            // uint64 above the largest int64 wraps
            case UINT64, UINT32, UINT16, UINT8, UINT4, UINT2 -> true;
            case FLOAT8E4M3FN,
                    FLOAT8E4M3FNUZ,
                    FLOAT8E5M2,
                    FLOAT8E5M2FNUZ,
                    FLOAT8E8M0,
                    FLOAT4E2M1,
                    COMPLEX64,
                    COMPLEX128,
                    STRING ->
                    false;
        };
    }

    /** A copy; whole numbers become int64. */
    public static org.bytedeco.pytorch.Tensor toTorch(Tensor tensor) {
        long[] dims = tensor.shape().dims();
        if (!takes(tensor.type())) {
            throw new NibbleException(
                    "libtorch is handed numbers and booleans, not "
                            + tensor
                            + "; convert it first");
        }
        return switch (tensor.type()) {
            case FLOAT32 -> org.bytedeco.pytorch.Tensor.create(tensor.floats(), dims);
            case FLOAT64 -> raw(tensor, ScalarType.Double);
            case FLOAT16 -> raw(tensor, ScalarType.Half);
            case BFLOAT16 -> raw(tensor, ScalarType.BFloat16);
            case BOOL -> raw(tensor, ScalarType.Bool);
            default -> ofLongs(tensor.longs(), dims);
        };
    }

    private static org.bytedeco.pytorch.Tensor raw(Tensor tensor, ScalarType type) {
        org.bytedeco.pytorch.Tensor copy =
                torch.empty(
                        tensor.shape().dims(), new TensorOptions(type), new MemoryFormatOptional());
        if (tensor.elements() > 0) {
            new BytePointer(copy.data_ptr()).put(tensor.data().toArray(ValueLayout.JAVA_BYTE));
        }
        return copy;
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

    /** A copy. */
    public static Tensor fromTorch(org.bytedeco.pytorch.Tensor tensor) {
        DataType type =
                switch (tensor.scalar_type().intern()) {
                    case Float -> DataType.FLOAT32;
                    case Double -> DataType.FLOAT64;
                    case Half -> DataType.FLOAT16;
                    case BFloat16 -> DataType.BFLOAT16;
                    case Long -> DataType.INT64;
                    case Bool -> DataType.BOOL;
                    default ->
                            throw new IllegalArgumentException(
                                    "no tensor is made of libtorch's " + tensor.scalar_type());
                };
        org.bytedeco.pytorch.Tensor whole = tensor.contiguous();
        byte[] copy = new byte[Math.toIntExact(whole.nbytes())];
        if (copy.length > 0) {
            new BytePointer(whole.data_ptr()).get(copy);
        }
        return new Tensor(type, Shape.of(tensor.shape()), MemorySegment.ofArray(copy));
    }

    /**
     * A tensor in another type; narrow whole numbers wrap and are held as int64.
     *
     * @param to a number of ONNX's TensorProto.DataType
     */
    static org.bytedeco.pytorch.Tensor cast(
            Call call, org.bytedeco.pytorch.Tensor tensor, long to) {
        return switch ((int) to) {
            case 1 -> tensor.toType(ScalarType.Float);
            case 2 -> whole(tensor.toType(ScalarType.Byte));
            case 3 -> whole(tensor.toType(ScalarType.Char));
            case 5 -> whole(tensor.toType(ScalarType.Short));
            case 6 -> whole(tensor.toType(ScalarType.Int));
            case 7 -> whole(tensor);
            case 9 -> tensor.toType(ScalarType.Bool);
            case 10 -> tensor.toType(ScalarType.Half);
            case 11 -> tensor.toType(ScalarType.Double);
            case 16 -> tensor.toType(ScalarType.BFloat16);
            default ->
                    throw call.refused(
                            "it casts to type " + to,
                            "float32, float64, float16, bfloat16, bool, uint8 and signed whole"
                                    + " numbers");
        };
    }

    static org.bytedeco.pytorch.Tensor whole(org.bytedeco.pytorch.Tensor tensor) {
        return tensor.toType(ScalarType.Long);
    }

    static float[] floats(org.bytedeco.pytorch.Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        if (values.length > 0) {
            new FloatPointer(tensor.toType(ScalarType.Float).contiguous().data_ptr()).get(values);
        }
        return values;
    }

    static long[] longs(org.bytedeco.pytorch.Tensor tensor) {
        long[] values = new long[Math.toIntExact(tensor.numel())];
        if (values.length > 0) {
            new LongPointer(tensor.toType(ScalarType.Long).contiguous().data_ptr()).get(values);
        }
        return values;
    }
}
