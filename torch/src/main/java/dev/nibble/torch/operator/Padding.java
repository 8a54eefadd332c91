package dev.nibble.torch.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Borders around a tensor. */
final class Padding {
    private Padding() {}

    static Tensor pad(Call call) {
        Tensor input = call.input(0);
        int rank = Math.toIntExact(input.dim());
        long[] pads = call.longs("pads", 1).orElseThrow();
        long[] axes = call.has(3) ? TorchTensors.longs(call.input(3)) : Shapes.allAxes(input);
        call.require(
                pads.length == 2 * axes.length,
                "it has %d pads for %d axes".formatted(pads.length, axes.length),
                "two for each axis");
        long[] before = new long[rank];
        long[] after = new long[rank];
        for (int i = 0; i < axes.length; i++) {
            int axis = Math.toIntExact(axes[i] < 0 ? axes[i] + rank : axes[i]);
            before[axis] = pads[i];
            after[axis] = pads[axes.length + i];
        }
        String mode = call.node().text("mode").orElse("constant");
        if (mode.equals("constant")) {
            return constant(call, before, after);
        }
        Tensor result = input;
        for (int axis = 0; axis < rank; axis++) {
            if (before[axis] != 0 || after[axis] != 0) {
                long[] from = sources(call, mode, input.size(axis), before[axis], after[axis]);
                result = result.index_select(axis, TorchTensors.ofLongs(from, from.length));
            }
        }
        return result;
    }

    private static Tensor constant(Call call, long[] before, long[] after) {
        int rank = before.length;
        long[] turned = new long[2 * rank];
        // libtorch counts axes from the last
        for (int i = 0; i < rank; i++) {
            turned[2 * (rank - 1 - i)] = before[i];
            turned[2 * (rank - 1 - i) + 1] = after[i];
        }
        return torch.constant_pad_nd(call.input(0), turned, new Scalar(call.number("value", 2, 0)));
    }

    /** For each place of the result the place that it repeats. */
    private static long[] sources(Call call, String mode, long size, long before, long after) {
        long[] from = new long[Math.toIntExact(before + size + after)];
        long period = Math.max(1, 2 * (size - 1));
        for (int i = 0; i < from.length; i++) {
            long place = i - before;
            from[i] =
                    switch (mode) {
                        case "edge" -> Math.clamp(place, 0, size - 1);
                        case "wrap" -> Math.floorMod(place, size);
                        case "reflect" -> {
                            long within = Math.floorMod(place, period);
                            yield within < size ? within : period - within;
                        }
                        default ->
                                throw call.refused(
                                        "its mode is " + mode, "constant, edge, reflect or wrap");
                    };
        }
        return from;
    }
}
