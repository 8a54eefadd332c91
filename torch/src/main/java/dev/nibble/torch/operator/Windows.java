package dev.nibble.torch.operator;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/** Operators that move a window over the spatial axes: convolution and pooling. */
final class Windows {
    private Windows() {}

    /**
     * How a window moves, one number for each spatial axis.
     *
     * @param before padding at the start of each axis
     * @param after padding at its end
     */
    private record Window(
            long[] kernel, long[] strides, long[] dilations, long[] before, long[] after) {
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
                case "VALID" ->
                        new Window(kernel, strides, dilations, new long[axes], new long[axes]);
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
                        Math.max(
                                0,
                                (Math.ceilDiv(size, strides[i]) - 1) * strides[i] + reach - size);
                before[i] = lower ? total - total / 2 : total / 2;
                after[i] = total - before[i];
            }
            return new Window(kernel, strides, dilations, before, after);
        }

        boolean even() {
            return Arrays.equals(before, after);
        }

        /** The input with all padding written out. */
        Tensor pad(Tensor input, double value) {
            long[] pads = new long[2 * kernel.length];
            // libtorch counts axes from the last
            for (int i = 0; i < kernel.length; i++) {
                int at = 2 * (kernel.length - 1 - i);
                pads[at] = before[i];
                pads[at + 1] = after[i];
            }
            return torch.constant_pad_nd(input, pads, new Scalar(value));
        }

        private static long[] ones(int axes) {
            long[] ones = new long[axes];
            Arrays.fill(ones, 1);
            return ones;
        }
    }

    static Tensor conv(Call call) {
        Tensor weight = call.input(1);
        long[] kernel = Arrays.copyOfRange(weight.shape(), 2, Math.toIntExact(weight.dim()));
        Window window = Window.of(call, kernel);
        boolean even = window.even();
        return torch.convolution(
                even ? call.input(0) : window.pad(call.input(0), 0),
                weight,
                call.optional(2),
                window.strides(),
                even ? window.before() : new long[kernel.length],
                window.dilations(),
                false,
                new long[kernel.length],
                call.node().integer("group", 1));
    }

    static Tensor maxPool(Call call) {
        Window window = Window.of(call, kernel(call));
        return torch.max_pool2d(
                window.pad(call.input(0), Double.NEGATIVE_INFINITY),
                window.kernel(),
                window.strides(),
                new long[] {0, 0},
                window.dilations(),
                call.node().integer("ceil_mode", 0) != 0);
    }

    static Tensor averagePool(Call call) {
        Window window = Window.of(call, kernel(call));
        boolean countsPadding = call.node().integer("count_include_pad", 0) != 0;
        call.require(
                window.even() || countsPadding,
                "pads are " + Arrays.toString(call.longs("pads", 0, 0, 0, 0)),
                "as much at the end of an axis as at its start, or counted");
        for (long dilation : window.dilations()) {
            call.require(dilation == 1, "a dilation is " + dilation, "1");
        }
        boolean even = window.even();
        return torch.avg_pool2d(
                even ? call.input(0) : window.pad(call.input(0), 0),
                window.kernel(),
                window.strides(),
                even ? window.before() : new long[] {0, 0},
                call.node().integer("ceil_mode", 0) != 0,
                countsPadding,
                new LongOptional());
    }

    private static long[] kernel(Call call) {
        long[] kernel = call.longs("kernel_shape", 0, 0);
        call.require(
                kernel.length == 2, "windows have %d spatial axes".formatted(kernel.length), "2");
        return kernel;
    }

    static Tensor globalAveragePool(Call call) {
        Tensor input = call.input(0);
        long[] axes = Shapes.allAxes(input);
        return torch.mean(
                input,
                Arrays.copyOfRange(axes, 2, axes.length),
                true,
                new org.bytedeco.pytorch.ScalarTypeOptional());
    }
}
