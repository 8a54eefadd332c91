package dev.nibble.lower;

import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;

/**
 * Weights for layers that compute in float: {@code codes → Cast → float → Mul by the scales}.
 *
 * <p>The file stores codes. A runtime folds constants when it loads the model, and then has the
 * float weights that the codes stand for; behind a DequantizeLinear, which ONNX Runtime does not
 * fold, it would make them anew in every run, which takes longer than the layer itself. Blocks are
 * scaled in a shape that tells them apart.
 */
record FoldedWeights(GraphEditor editor) {
    /** Whether weights of a shape can be written so: no zero points, and no block cut short. */
    static boolean can(Encoding encoding, Shape shape) {
        boolean whole =
                !(encoding.granularity() instanceof PerBlock(int axis, int blockSize))
                        || shape.dim(axis) % blockSize == 0;
        return whole && Arrays.stream(encoding.zeroPoints()).allMatch(zero -> zero == 0);
    }

    /** Writes nodes that make floats of codes; gives the name of the floats. */
    String write(String name, String codes, Encoding encoding, Shape shape) {
        String real = editor.fresh(name + "_codes");
        editor.insertFirst(
                Node.of(name + "_Cast", "Cast", List.of(codes), List.of(real))
                        .with("to", new IntValue(CodeArithmetic.onnxCode(DataType.FLOAT32))));
        Shape scaled = scaledShape(encoding, shape);
        boolean reshapes = !scaled.equals(shape);
        String factors = reshapes ? reshape(name + "_blocks", real, scaled) : real;
        String scale = editor.fresh(name + "_scale");
        editor.constant(scale, encoding.scaleTensor().reshape(factorShape(encoding, scaled)));
        String product = editor.fresh(name + (reshapes ? "_scaled" : "_dequantized"));
        editor.insertFirst(
                Node.of(name + "_Mul", "Mul", List.of(factors, scale), List.of(product)));
        return reshapes ? reshape(name + "_dequantized", product, shape) : product;
    }

    private String reshape(String name, String from, Shape shape) {
        String to = editor.fresh(name);
        String dims = editor.fresh(name + "_shape");
        editor.constant(dims, Tensor.ofLongs(Shape.of(shape.rank()), shape.dims()));
        editor.insertFirst(Node.of(name + "_Reshape", "Reshape", List.of(from, dims), List.of(to)));
        return to;
    }

    /** The shape with the axis of blocks cut into blocks and what they hold. */
    private static Shape scaledShape(Encoding encoding, Shape shape) {
        if (!(encoding.granularity() instanceof PerBlock(int axis, int blockSize))
                || isWholeRow(encoding, shape)) {
            return shape;
        }
        int at = shape.normalize(axis);
        long[] dims = new long[shape.rank() + 1];
        for (int i = 0; i < shape.rank(); i++) {
            dims[i < at ? i : i + 1] = shape.dim(i);
        }
        dims[at] = shape.dim(at) / blockSize;
        dims[at + 1] = blockSize;
        return Shape.of(dims);
    }

    private static boolean isWholeRow(Encoding encoding, Shape shape) {
        return encoding.scaleShape().rank() == shape.rank()
                && encoding.granularity() instanceof PerBlock(int axis, int blockSize)
                && shape.dim(axis) == blockSize;
    }

    /** The shape in which the scales fit such a shape. */
    private static Shape factorShape(Encoding encoding, Shape scaled) {
        long[] dims = new long[scaled.rank()];
        Arrays.fill(dims, 1);
        return switch (encoding.granularity()) {
            case PerTensor() -> Shape.scalar();
            case PerAxis(int axis) -> {
                int at = scaled.normalize(axis);
                dims[at] = scaled.dim(at);
                yield Shape.of(dims);
            }
            case PerBlock _ when isWholeRow(encoding, scaled) -> encoding.scaleShape();
            case PerBlock(int axis, _) -> {
                long[] each = scaled.dims();
                each[(axis < 0 ? axis + scaled.rank() - 1 : axis) + 1] = 1;
                yield Shape.of(each);
            }
        };
    }
}
