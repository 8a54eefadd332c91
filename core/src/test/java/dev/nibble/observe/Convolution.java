package dev.nibble.observe;

import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;

/** ONNX Conv by its definition, along one or two axes. */
final class Convolution {
    private Convolution() {}

    static Tensor of(Node node, Tensor input, Tensor weight) {
        if (input.shape().rank() == 3) {
            return alongOneAxis(node, input, weight);
        }
        long[] in = input.shape().dims();
        long[] w = weight.shape().dims();
        List<Long> strides = node.integers("strides").orElse(List.of(1L, 1L));
        List<Long> dilations = node.integers("dilations").orElse(List.of(1L, 1L));
        long[] before = new long[2];
        long[] out = {in[0], w[0], 0, 0};
        for (int axis = 0; axis < 2; axis++) {
            long reach = (w[axis + 2] - 1) * dilations.get(axis) + 1;
            long extent = in[axis + 2];
            long stride = strides.get(axis);
            String auto = node.text("auto_pad").orElse("NOTSET");
            if (auto.startsWith("SAME")) {
                out[axis + 2] = (extent + stride - 1) / stride;
                long all = Math.max(0, (out[axis + 2] - 1) * stride + reach - extent);
                before[axis] = auto.endsWith("UPPER") ? all / 2 : (all + 1) / 2;
            } else {
                List<Long> pads = node.integers("pads").orElse(List.of(0L, 0L, 0L, 0L));
                before[axis] = pads.get(axis);
                out[axis + 2] = (extent + pads.get(axis) + pads.get(axis + 2) - reach) / stride + 1;
            }
        }
        float[] x = input.floats();
        float[] k = weight.floats();
        float[] y = new float[(int) Arrays.stream(out).reduce(1, (a, b) -> a * b)];
        long perGroup = w[0] / node.integer("group", 1);
        int at = 0;
        for (long n = 0; n < out[0]; n++) {
            for (long o = 0; o < out[1]; o++) {
                for (long row = 0; row < out[2]; row++) {
                    for (long column = 0; column < out[3]; column++, at++) {
                        for (long tap = 0; tap < w[1] * w[2] * w[3]; tap++) {
                            long r = row * strides.get(0) - before[0];
                            r += tap / w[3] % w[2] * dilations.get(0);
                            long c = column * strides.get(1) - before[1];
                            c += tap % w[3] * dilations.get(1);
                            long channel = o / perGroup * w[1] + tap / w[3] / w[2];
                            if (r >= 0 && r < in[2] && c >= 0 && c < in[3]) {
                                long from = ((n * in[1] + channel) * in[2] + r) * in[3] + c;
                                y[at] += x[(int) from] * k[(int) (o * w[1] * w[2] * w[3] + tap)];
                            }
                        }
                    }
                }
            }
        }
        return Tensor.ofFloats(Shape.of(out), y);
    }

    private static Tensor alongOneAxis(Node node, Tensor input, Tensor weight) {
        List<Long> pads = node.integers("pads").orElse(List.of(0L, 0L));
        Node wide =
                node.with(
                        "pads",
                        new dev.nibble.graph.Attribute.IntList(
                                List.of(0L, pads.get(0), 0L, pads.get(1))));
        long[] x = input.shape().dims();
        long[] w = weight.shape().dims();
        Tensor y =
                of(
                        wide,
                        input.reshape(Shape.of(x[0], x[1], 1, x[2])),
                        weight.reshape(Shape.of(w[0], w[1], 1, w[2])));
        long[] out = y.shape().dims();
        return y.reshape(Shape.of(out[0], out[1], out[3]));
    }
}
