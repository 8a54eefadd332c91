package dev.nibble.torch.operator;

import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that move numbers, and those that compute with shapes. */
final class Shapes {
    private Shapes() {}

    static long[] allAxes(Tensor tensor) {
        return LongStream.range(0, tensor.dim()).toArray();
    }

    static Tensor shape(Call call) {
        call.require(
                call.node().integer("start", 0) == 0 && call.node().integer("end").isEmpty(),
                "it takes a part of the shape",
                "the whole shape");
        long[] dims = call.input(0).shape();
        return TorchTensors.ofLongs(dims, dims.length);
    }

    static Tensor cast(Call call) {
        long to = call.node().integer("to", 0);
        // the numbers of ONNX's TensorProto.DataType
        return switch ((int) to) {
            case 1 -> call.input(0).toType(ScalarType.Float);
            case 6, 7 -> call.input(0).toType(ScalarType.Long);
            default -> {
                call.require(false, "it casts to type " + to, "float32, int32 or int64");
                yield call.input(0);
            }
        };
    }

    static Tensor concat(Call call) {
        Tensor[] parts =
                IntStream.range(0, call.node().inputs().size())
                        .mapToObj(call::input)
                        .toArray(Tensor[]::new);
        return torch.cat(new TensorVector(parts), call.node().integer("axis", 0));
    }

    static Tensor constantOfShape(Call call) {
        dev.nibble.tensor.Tensor value =
                call.node().attributes().get("value") instanceof TensorValue(var tensor)
                        ? tensor
                        : dev.nibble.tensor.Tensor.ofFloats(Shape.of(1), 0);
        long[] dims = TorchTensors.longs(call.input(0));
        boolean whole = value.type() == DataType.INT64;
        return TorchTensors.toTorch(value)
                .expand(dims.length == 0 ? new long[] {1} : dims)
                .toType(whole ? ScalarType.Long : ScalarType.Float)
                .reshape(dims);
    }

    static Tensor flatten(Call call) {
        Tensor input = call.input(0);
        long axis = call.node().integer("axis", 1);
        long split = axis < 0 ? axis + input.dim() : axis;
        if (split == 1) {
            return torch.flatten(input, 1, -1);
        }
        long[] dims = input.shape();
        long rows = 1;
        for (int i = 0; i < split; i++) {
            rows *= dims[i];
        }
        return input.reshape(rows, -1);
    }

    static Tensor gather(Call call) {
        Tensor indices = call.input(1);
        long axis = call.node().integer("axis", 0);
        call.require(
                indices.dim() <= 1, "its indices have %d axes".formatted(indices.dim()), "0 or 1");
        Tensor input = call.input(0);
        long size = input.size(axis);
        long[] positive = TorchTensors.longs(indices);
        for (int i = 0; i < positive.length; i++) {
            positive[i] += positive[i] < 0 ? size : 0;
        }
        Tensor taken = input.index_select(axis, TorchTensors.ofLongs(positive, positive.length));
        return indices.dim() == 0 ? taken.squeeze(axis) : taken;
    }

    static Tensor pad(Call call) {
        String mode = call.node().text("mode").orElse("constant");
        call.require(mode.equals("constant"), "its mode is " + mode, "constant");
        call.require(!call.has(3), "it lists axes", "all axes");
        long[] pads = call.longs("pads", 1).orElseThrow();
        int axes = pads.length / 2;
        // libtorch counts axes from the last
        long[] turned = new long[pads.length];
        for (int i = 0; i < axes; i++) {
            turned[2 * (axes - 1 - i)] = pads[i];
            turned[2 * (axes - 1 - i) + 1] = pads[axes + i];
        }
        return torch.constant_pad_nd(call.input(0), turned, new Scalar(call.number("value", 2, 0)));
    }

    static Tensor reshape(Call call) {
        Tensor input = call.input(0);
        long[] dims = call.longs("shape", 1).orElseThrow();
        boolean zeroCopies = call.node().integer("allowzero", 0) == 0;
        for (int i = 0; zeroCopies && i < dims.length; i++) {
            dims[i] = dims[i] == 0 ? input.size(i) : dims[i];
        }
        return input.reshape(dims);
    }

    static Tensor slice(Call call) {
        long[] starts = call.longs("starts", 1).orElseThrow();
        long[] ends = call.longs("ends", 2).orElseThrow();
        long[] axes = call.longs("axes", 3).orElse(LongStream.range(0, starts.length).toArray());
        long[] steps = call.has(4) ? TorchTensors.longs(call.input(4)) : new long[starts.length];
        Tensor sliced = call.input(0);
        for (int i = 0; i < starts.length; i++) {
            long step = call.has(4) ? steps[i] : 1;
            sliced =
                    step > 0
                            ? torch.slice(
                                    sliced,
                                    axes[i],
                                    new LongOptional(starts[i]),
                                    new LongOptional(ends[i]),
                                    step)
                            : backwards(sliced, axes[i], starts[i], ends[i], step);
        }
        return sliced;
    }

    private static Tensor backwards(Tensor input, long axis, long start, long end, long step) {
        long size = input.size(axis);
        long from = Math.min(size - 1, start < 0 ? start + size : start);
        long to = Math.max(-1, end < 0 ? end + size : end);
        long[] indices =
                LongStream.iterate(from, index -> index > to, index -> index + step).toArray();
        return input.index_select(axis, TorchTensors.ofLongs(indices, indices.length));
    }

    static Tensor squeeze(Call call) {
        Tensor input = call.input(0);
        return call.longs("axes", 1).map(input::squeeze).orElseGet(input::squeeze);
    }

    static Tensor transpose(Call call) {
        Tensor input = call.input(0);
        long[] reversed = allAxes(input);
        Arrays.setAll(reversed, i -> reversed.length - 1 - i);
        return input.permute(call.longs("perm", reversed));
    }

    static Tensor unsqueeze(Call call) {
        long[] axes = call.longs("axes", 1).orElseThrow();
        long rank = call.input(0).dim() + axes.length;
        long[] positive =
                Arrays.stream(axes).map(axis -> axis < 0 ? axis + rank : axis).sorted().toArray();
        Tensor result = call.input(0);
        for (long axis : positive) {
            result = result.unsqueeze(axis);
        }
        return result;
    }
}
