package dev.nibble.onnxruntime;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Model;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import java.util.List;
import java.util.Map;

/** Small float networks with channels of very different sizes, from x to y. */
final class FloatNetworks {
    private static final double SPREAD = 30;
    private static final Map<String, Attribute> DEPTHWISE = Map.of("group", whole(8));

    private FloatNetworks() {}

    private static Attribute whole(long value) {
        return new Attribute.IntValue(value);
    }

    private static Attribute list(Long... values) {
        return new Attribute.IntList(List.of(values));
    }

    /** Weights {@code NAME_w} and, with a last axis of their own, biases {@code NAME_b}. */
    private static Sketch weights(Sketch sketch, String name, int biases, long... dims) {
        long seed = name.hashCode();
        sketch.constant(name + "_w", Preserved.random(Shape.of(dims), seed, SPREAD));
        return sketch.constant(name + "_b", Preserved.random(Shape.of(biases), seed + 1, SPREAD));
    }

    private static Sketch images() {
        Sketch sketch =
                new Sketch()
                        .input("x", DataType.FLOAT32, "N", 3, 6, 6)
                        .output("y", DataType.FLOAT32)
                        .constant("zero", Networks.floats(0).reshape(Shape.scalar()))
                        .constant("bound", Networks.floats(60).reshape(Shape.scalar()));
        weights(sketch, "stem", 6, 6, 3, 1, 1);
        weights(sketch, "expand", 8, 8, 6, 1, 1);
        weights(sketch, "depth", 8, 8, 1, 3, 3);
        weights(sketch, "project", 6, 6, 8, 1, 1);
        return weights(sketch, "head", 4, 4, 6 * 16);
    }

    /** An inverted residual block between a stem and a head; {@code %s} stands for a value. */
    static Model invertedResidual(String activation) {
        return images().node("stem = Conv(x, stem_w, stem_b)")
                .node("wide = Conv(stem, expand_w, expand_b)")
                .node("wider = " + activation.formatted("wide"))
                .node("deep = Conv(wider, depth_w, depth_b)", DEPTHWISE)
                .node("deeper = " + activation.formatted("deep"))
                .node("narrow = Conv(deeper, project_w, project_b)")
                .node("shifted = Conv(stem, eye, eye_b)", Map.of("kernel_shape", list(3L, 3L)))
                .constant("eye", Preserved.random(Shape.of(6, 6, 3, 3), 5, SPREAD))
                .constant("eye_b", Preserved.random(Shape.of(6), 6, SPREAD))
                .node("sum = Add(narrow, shifted)")
                .node("flat = Flatten(sum)")
                .node("y = Gemm(flat, head_w, head_b)", Map.of("transB", whole(1)))
                .model();
    }

    /** Two branches put together, pooled, and put through a transposed convolution in groups. */
    static Model branches() {
        Sketch sketch = images();
        weights(sketch, "left", 5, 5, 6, 1, 1);
        weights(sketch, "right", 3, 3, 6, 1, 1);
        weights(sketch, "up", 6, 8, 3, 2, 2);
        weights(sketch, "last", 2, 2, 6, 1, 1);
        return sketch.constant("slope", Preserved.random(Shape.of(6, 1, 1), 3, 2))
                .node("stem = Conv(x, stem_w, stem_b)")
                .node("bent = PRelu(stem, slope)")
                .node("left = Conv(bent, left_w, left_b)")
                .node("right = Conv(bent, right_w, right_b)")
                .node("leaky = LeakyRelu(right)")
                .node("both = Concat(left, leaky)", Map.of("axis", whole(1)))
                .node("pooled = MaxPool(both)", Map.of("kernel_shape", list(2L, 2L)))
                .node("up = ConvTranspose(pooled, up_w, up_b)", Map.of("group", whole(2)))
                .node("rect = Relu(up)")
                .node("mean = GlobalAveragePool(rect)")
                .node("y = Conv(mean, last_w, last_b)")
                .model();
    }

    /** Rows of words: a normalization, a feed-forward block whose products have biases behind. */
    static Model feedForward() {
        Sketch sketch =
                new Sketch().input("x", DataType.FLOAT32, "N", 5, 8).output("y", DataType.FLOAT32);
        weights(sketch, "norm", 8, 8);
        weights(sketch, "up", 12, 8, 12);
        weights(sketch, "down", 8, 12, 8);
        return sketch.node("norm = LayerNormalization(x, norm_w, norm_b)")
                .node("up = MatMul(norm, up_w)")
                .node("biased = Add(up, up_b)")
                .node("bent = Relu(biased)")
                .node("down = MatMul(bent, down_w)")
                .node("y = Add(down_b, down)")
                .model();
    }
}
