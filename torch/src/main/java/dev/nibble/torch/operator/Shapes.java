package dev.nibble.torch.operator;

import static java.util.Map.entry;

import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.tensor.Shape;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators that move numbers, and those that compute with shapes. */
final class Shapes {
    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("Cast", Operator.of(Shapes::cast)),
                    entry("CastLike", Operator.of(Shapes::castLike)),
                    entry("Concat", Operator.of(Shapes::concat)),
                    entry("ConstantOfShape", Operator.of(Shapes::constantOfShape)),
                    entry("Expand", Operator.of(Shapes::expand)),
                    entry("Flatten", Operator.of(Shapes::flatten)),
                    entry("Identity", Operator.of(call -> call.input(0))),
                    entry("Pad", Operator.of(Padding::pad)),
                    entry("Range", Operator.of(Shapes::range)),
                    entry("Reshape", Operator.of(Shapes::reshape)),
                    entry("Shape", Operator.of(Shapes::shape)),
                    entry("Size", Operator.of(Shapes::size)),
                    entry("Slice", Operator.of(Shapes::slice)),
                    entry("Split", Operator.several(Shapes::split)),
                    entry("Squeeze", Operator.of(Shapes::squeeze)),
                    entry("Tile", Operator.of(Shapes::tile)),
                    entry("Transpose", Operator.of(Shapes::transpose)),
                    entry("Trilu", Operator.of(Shapes::trilu)),
                    entry("Unsqueeze", Operator.of(Shapes::unsqueeze)));

    private Shapes() {}

    static long[] allAxes(Tensor tensor) {
        return LongStream.range(0, tensor.dim()).toArray();
    }

    /** The part of the shape between two axes. */
    private static Tensor shape(Call call) {
        long[] dims = call.input(0).shape();
        int start = axis(call.node().integer("start", 0), dims.length);
        int end = axis(call.node().integer("end", dims.length), dims.length);
        long[] part = start < end ? Arrays.copyOfRange(dims, start, end) : new long[0];
        return TorchTensors.ofLongs(part, part.length);
    }

    private static int axis(long given, int rank) {
        return Math.toIntExact(Math.clamp(given < 0 ? given + rank : given, 0, rank));
    }

    /** The input as a matrix whose rows begin at an axis. */
    static Tensor matrix(Tensor input, long axis) {
        long split = axis < 0 ? axis + input.dim() : axis;
        if (split == 1 && input.dim() > 1) {
            return torch.flatten(input, 1, -1);
        }
        long[] dims = input.shape();
        long rows = 1;
        for (int i = 0; i < split; i++) {
            rows *= dims[i];
        }
        return input.reshape(rows, rows == 0 ? 0 : input.numel() / rows);
    }

    private static Tensor flatten(Call call) {
        return matrix(call.input(0), call.node().integer("axis", 1));
    }

    private static Tensor cast(Call call) {
        return TorchTensors.cast(call, call.input(0), call.node().integer("to", 0));
    }

    private static Tensor castLike(Call call) {
        return call.input(0).toType(call.input(1).scalar_type());
    }

    private static Tensor expand(Call call) {
        Tensor input = call.input(0);
        long[] wanted = TorchTensors.longs(call.input(1));
        long[] given = input.shape();
        long[] dims = new long[Math.max(wanted.length, given.length)];
        Arrays.fill(dims, 1);
        System.arraycopy(given, 0, dims, dims.length - given.length, given.length);
        for (int i = 0; i < wanted.length; i++) {
            int at = dims.length - wanted.length + i;
            dims[at] = dims[at] == 1 ? wanted[i] : dims[at];
        }
        return input.expand(dims);
    }

    private static Tensor range(Call call) {
        Tensor start = call.input(0);
        Tensor step = call.input(2);
        Tensor distance = call.input(1).sub(start).toType(ScalarType.Double);
        long count = Math.max(0, (long) Math.ceil(distance.item_double() / step.item_double()));
        Tensor numbers = TorchTensors.ofLongs(LongStream.range(0, count).toArray(), count);
        return numbers.mul(step).add(start).toType(start.scalar_type());
    }

    private static List<Tensor> split(Call call) {
        Tensor input = call.input(0);
        long axis = call.node().integer("axis", 0);
        long size = input.size(axis);
        int count = call.node().outputs().size();
        long[] sizes = call.longs("split", 1).orElseGet(() -> equalParts(size, count));
        List<Tensor> parts = new ArrayList<>();
        long from = 0;
        for (long part : sizes) {
            parts.add(input.narrow(axis, from, part));
            from += part;
        }
        return parts;
    }

    /** Parts of one size; the last may be smaller. */
    private static long[] equalParts(long size, int count) {
        long part = Math.ceilDiv(size, count);
        return LongStream.range(0, count).map(i -> Math.clamp(size - i * part, 0, part)).toArray();
    }

    private static Tensor tile(Call call) {
        return call.input(0).repeat(TorchTensors.longs(call.input(1)));
    }

    private static Tensor trilu(Call call) {
        long diagonal = call.has(1) ? call.input(1).item_long() : 0;
        return call.flag("upper", true)
                ? torch.triu(call.input(0), diagonal)
                : torch.tril(call.input(0), diagonal);
    }

    private static Tensor size(Call call) {
        return TorchTensors.ofLongs(new long[] {call.input(0).numel()}).reshape(new long[0]);
    }

    private static Tensor concat(Call call) {
        Tensor[] parts = call.everyInput();
        return torch.cat(new TensorVector(parts), call.node().integer("axis", 0));
    }

    private static Tensor constantOfShape(Call call) {
        dev.nibble.tensor.Tensor value =
                call.node().attributes().get("value") instanceof TensorValue(var tensor)
                        ? tensor
                        : dev.nibble.tensor.Tensor.ofFloats(Shape.of(1), 0);
        long[] dims = TorchTensors.longs(call.input(0));
        return TorchTensors.toTorch(value).reshape(new long[0]).expand(dims).contiguous();
    }

    private static Tensor reshape(Call call) {
        Tensor input = call.input(0);
        long[] dims = call.longs("shape", 1).orElseThrow();
        boolean zeroCopies = call.node().integer("allowzero", 0) == 0;
        for (int i = 0; zeroCopies && i < dims.length; i++) {
            dims[i] = dims[i] == 0 ? input.size(i) : dims[i];
        }
        return input.reshape(dims);
    }

    private static Tensor slice(Call call) {
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

    private static Tensor squeeze(Call call) {
        Tensor input = call.input(0);
        return call.longs("axes", 1).map(input::squeeze).orElseGet(input::squeeze);
    }

    private static Tensor transpose(Call call) {
        Tensor input = call.input(0);
        long[] reversed = allAxes(input);
        Arrays.setAll(reversed, i -> reversed.length - 1 - i);
        return input.permute(call.longs("perm", reversed));
    }

    private static Tensor unsqueeze(Call call) {
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
