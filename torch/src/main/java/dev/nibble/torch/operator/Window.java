package dev.nibble.torch.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/**
 * How a window moves, one number for each spatial axis.
 *
 * @param before padding at the start of each axis
 * @param after padding at its end
 */
record Window(long[] kernel, long[] strides, long[] dilations, long[] before, long[] after) {
    static Window of(Call call, long[] kernel) {
        int axes = kernel.length;
        long[] strides = call.longs("strides", ones(axes));
        long[] dilations = call.longs("dilations", ones(axes));
        long[] pads = call.longs("pads", new long[2 * axes]);
        String padding = call.node().text("auto_pad").orElse("NOTSET");
        return switch (padding) {
            case "NOTSET" ->
                    new Window(
                            kernel,
                            strides,
                            dilations,
                            Arrays.copyOf(pads, axes),
                            Arrays.copyOfRange(pads, axes, 2 * axes));
            case "VALID" -> new Window(kernel, strides, dilations, new long[axes], new long[axes]);
            default -> same(call, kernel, strides, dilations, padding.equals("SAME_LOWER"));
        };
    }

    private static Window same(
            Call call, long[] kernel, long[] strides, long[] dilations, boolean lower) {
        int axes = kernel.length;
        long[] before = new long[axes];
        long[] after = new long[axes];
        for (int i = 0; i < axes; i++) {
            long size = call.input(0).size(i + 2);
            long reach = (kernel[i] - 1) * dilations[i] + 1;
            long total =
                    Math.max(0, (Math.ceilDiv(size, strides[i]) - 1) * strides[i] + reach - size);
            before[i] = lower ? total - total / 2 : total / 2;
            after[i] = total - before[i];
        }
        return new Window(kernel, strides, dilations, before, after);
    }

    /** The same with as much padding at the end as the last window reaches over it. */
    Window rounded(Call call) {
        if (!call.flag("ceil_mode", false)) {
            return this;
        }
        long[] stretched = after.clone();
        for (int i = 0; i < kernel.length; i++) {
            long size = call.input(0).size(i + 2);
            long rest = size + before[i] + after[i] - reach(i);
            long steps = Math.ceilDiv(rest, strides[i]);
            // a window that would begin in the padding at the end is none
            steps -= steps * strides[i] >= size + before[i] ? 1 : 0;
            stretched[i] = Math.max(after[i], after[i] + steps * strides[i] - rest);
        }
        return new Window(kernel, strides, dilations, before, stretched);
    }

    long reach(int axis) {
        return (kernel[axis] - 1) * dilations[axis] + 1;
    }

    boolean even() {
        return Arrays.equals(before, after);
    }

    /** Whether libtorch's pools pad like this by themselves. */
    boolean poolPads() {
        boolean small = true;
        for (int i = 0; i < kernel.length; i++) {
            small &= 2 * before[i] <= kernel[i];
        }
        return even() && small;
    }

    /** The input with all padding written out. */
    Tensor pad(Tensor input, double value) {
        return padded(input, before, after, value);
    }

    static Tensor padded(Tensor input, long[] before, long[] after, double value) {
        long[] pads = new long[2 * before.length];
        // libtorch counts axes from the last
        for (int i = 0; i < before.length; i++) {
            int at = 2 * (before.length - 1 - i);
            pads[at] = before[i];
            pads[at + 1] = after[i];
        }
        return torch.constant_pad_nd(input, pads, new Scalar(value));
    }

    static long[] ones(int axes) {
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        return ones;
    }
}
