package dev.nibble.torch.operator;

import static java.util.Map.entry;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Operators that move a window over the spatial axes: convolution and pooling. */
final class Windows {
    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("AveragePool", Operator.of(Windows::averagePool)),
                    entry("Conv", Operator.learning(Set.of(1, 2), Windows::conv)),
                    entry("ConvTranspose", Operator.learning(Set.of(1, 2), Windows::transposed)),
                    entry("GlobalAveragePool", Operator.of(Windows::globalAveragePool)),
                    entry("GlobalLpPool", Operator.of(Windows::globalLpPool)),
                    entry("GlobalMaxPool", Operator.of(Windows::globalMaxPool)),
                    entry("LpPool", Operator.of(Windows::lpPool)),
                    entry("MaxPool", Operator.of(Windows::maxPool)));

    /** Axes of a batch of pictures. */
    private static final int PICTURE = 4;

    private Windows() {}

    private static long[] weightKernel(Call call) {
        long[] dims = call.input(1).shape();
        return Arrays.copyOfRange(dims, 2, dims.length);
    }

    private static Tensor conv(Call call) {
        long[] kernel = weightKernel(call);
        Window window = Window.of(call, kernel);
        boolean even = window.even();
        Tensor input = channelsLast(call.input(0));
        return torch.convolution(
                even ? input : window.pad(input, 0),
                call.input(1),
                call.optional(2),
                window.strides(),
                even ? window.before() : new long[kernel.length],
                window.dilations(),
                false,
                new long[kernel.length],
                call.node().integer("group", 1));
    }

    /** Pictures are convolved fastest with their channels together; what follows keeps them so. */
    private static Tensor channelsLast(Tensor input) {
        return input.dim() == PICTURE ? input.contiguous(MemoryFormat.ChannelsLast) : input;
    }

    private static Tensor transposed(Call call) {
        int axes = weightKernel(call).length;
        long[] added = call.longs("output_padding", new long[axes]);
        Window window = cropping(call, added);
        boolean even = window.even();
        Tensor result =
                torch.convolution(
                        call.input(0),
                        call.input(1),
                        call.optional(2),
                        window.strides(),
                        even ? window.before() : new long[axes],
                        window.dilations(),
                        true,
                        added,
                        call.node().integer("group", 1));
        for (int i = 0; !even && i < axes; i++) {
            long length = result.size(i + 2) - window.before()[i] - window.after()[i];
            result = result.narrow(i + 2, window.before()[i], length);
        }
        return result;
    }

    /** What a transposed convolution takes away at the borders of its result. */
    private static Window cropping(Call call, long[] added) {
        Window window = Window.of(call, weightKernel(call));
        String padding = call.node().text("auto_pad").orElse("NOTSET");
        long[] wanted = call.longs("output_shape");
        boolean given = wanted.length > 0;
        if (!given && !padding.startsWith("SAME")) {
            return window;
        }
        int axes = added.length;
        long[] before = new long[axes];
        long[] after = new long[axes];
        for (int i = 0; i < axes; i++) {
            long size = call.input(0).size(i + 2);
            long stride = window.strides()[i];
            long full = stride * (size - 1) + added[i] + window.reach(i);
            long length = given ? wanted[wanted.length - axes + i] : stride * size;
            call.require(
                    full >= length,
                    "axis %d is %d long of the wanted %d".formatted(i + 2, full, length),
                    "windows that reach that far");
            long total = full - length;
            before[i] = padding.equals("SAME_UPPER") ? total / 2 : total - total / 2;
            after[i] = total - before[i];
        }
        return new Window(window.kernel(), window.strides(), window.dilations(), before, after);
    }

    private static Window pool(Call call) {
        long[] kernel = call.longs("kernel_shape");
        call.require(
                kernel.length >= 1 && kernel.length <= 3,
                "windows have %d spatial axes".formatted(kernel.length),
                "1, 2 or 3");
        return Window.of(call, kernel);
    }

    private static Tensor maxPool(Call call) {
        Window window = pool(call).rounded(call);
        boolean pads = window.poolPads();
        Tensor input = pads ? call.input(0) : window.pad(call.input(0), Double.NEGATIVE_INFINITY);
        int axes = window.kernel().length;
        long[] padding = pads ? window.before() : new long[axes];
        return switch (axes) {
            case 1 ->
                    torch.max_pool1d(
                            input,
                            window.kernel(),
                            window.strides(),
                            padding,
                            window.dilations(),
                            false);
            case 2 ->
                    torch.max_pool2d(
                            input,
                            window.kernel(),
                            window.strides(),
                            padding,
                            window.dilations(),
                            false);
            default ->
                    torch.max_pool3d(
                            input,
                            window.kernel(),
                            window.strides(),
                            padding,
                            window.dilations(),
                            false);
        };
    }

    private static Tensor averagePool(Call call) {
        Window given = pool(call);
        Window window = given.rounded(call);
        boolean countsPadding = call.flag("count_include_pad", false);
        boolean plain =
                window.poolPads()
                        && Arrays.equals(given.after(), window.after())
                        && Arrays.stream(window.dilations()).allMatch(dilation -> dilation == 1);
        if (plain) {
            return averages(call.input(0), window, countsPadding);
        }
        Tensor counted = torch.ones_like(call.input(0).narrow(0, 0, 1).narrow(1, 0, 1));
        if (countsPadding) {
            counted = Window.padded(counted, given.before(), given.after(), 1);
        }
        long[] before = new long[window.kernel().length];
        long[] after = before.clone();
        for (int i = 0; i < before.length; i++) {
            before[i] = countsPadding ? 0 : window.before()[i];
            after[i] = countsPadding ? window.after()[i] - given.after()[i] : window.after()[i];
        }
        Tensor counts = sums(Window.padded(counted, before, after, 0), window);
        return sums(window.pad(call.input(0), 0), window).div(counts);
    }

    private static Tensor averages(Tensor input, Window window, boolean countsPadding) {
        long[] kernel = window.kernel();
        long[] strides = window.strides();
        long[] pads = window.before();
        return switch (kernel.length) {
            case 1 -> torch.avg_pool1d(input, kernel, strides, pads, false, countsPadding);
            case 2 ->
                    torch.avg_pool2d(
                            input, kernel, strides, pads, false, countsPadding, new LongOptional());
            default ->
                    torch.avg_pool3d(
                            input, kernel, strides, pads, false, countsPadding, new LongOptional());
        };
    }

    /** The sum in each window, of an input that is padded already. */
    private static Tensor sums(Tensor input, Window window) {
        int axes = window.kernel().length;
        long[] dims = new long[axes + 2];
        dims[0] = input.size(1);
        dims[1] = 1;
        System.arraycopy(window.kernel(), 0, dims, 2, axes);
        return torch.convolution(
                input,
                input.new_ones(dims),
                new TensorOptional(),
                window.strides(),
                new long[axes],
                window.dilations(),
                false,
                new long[axes],
                input.size(1));
    }

    private static Tensor lpPool(Call call) {
        Scalar p = new Scalar((double) call.node().integer("p", 2));
        Window window = pool(call).rounded(call);
        Tensor powers = window.pad(call.input(0), 0).abs().pow(p);
        return sums(powers, window).pow(new Scalar(1 / p.toDouble()));
    }

    private static long[] spatial(Tensor input) {
        long[] axes = Shapes.allAxes(input);
        return Arrays.copyOfRange(axes, 2, axes.length);
    }

    private static Tensor globalAveragePool(Call call) {
        return Reductions.mean(call.input(0), spatial(call.input(0)), true);
    }

    private static Tensor globalMaxPool(Call call) {
        return torch.amax(call.input(0), spatial(call.input(0)), true);
    }

    private static Tensor globalLpPool(Call call) {
        double p = call.node().integer("p", 2);
        return torch.norm(
                call.input(0), new ScalarOptional(new Scalar(p)), spatial(call.input(0)), true);
    }
}
