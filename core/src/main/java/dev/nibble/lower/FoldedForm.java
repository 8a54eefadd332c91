package dev.nibble.lower;

import dev.nibble.graph.Node;
import dev.nibble.plan.FoldedCodes;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Optional;

/** Constant codes that standard operators make floats of: they become these floats. */
record FoldedForm(FloatRewriting rewriting) {
    /** Puts the floats in the place of the codes that a node casts; tells whether it casts any. */
    boolean undo(Node cast) {
        Optional<FoldedCodes> folded = FoldedCodes.find(rewriting.graph(), cast);
        folded.ifPresent(codes -> {
            codes.nodes().forEach(rewriting::settle);
            rewriting.setConstant(codes.result(), floats(codes));
        });
        return folded.isPresent();
    }

    private Tensor floats(FoldedCodes folded) {
        Shape shape = folded.codes().shape();
        Shape scaled = shape;
        for (Node node : folded.nodes()) {
            if (node.is("Mul")) {
                break;
            }
            if (node.is("Reshape")) {
                scaled = shape(node);
            }
        }
        Node last = folded.nodes().getLast();
        return Tensor.ofFloats(
                last.is("Reshape") ? shape(last) : scaled,
                products(folded.codes().longs(), scaled, folded.scales()));
    }

    private Shape shape(Node reshape) {
        return Shape.of(rewriting.constant(reshape.input(1)).orElseThrow().longs());
    }

    /** The codes by the scales, which are broadcast to a shape. */
    private static float[] products(long[] codes, Shape shape, Tensor scales) {
        float[] factors = scales.floats();
        long[] steps = steps(shape, scales.shape());
        float[] products = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            long rest = i;
            long at = 0;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                at += rest % shape.dim(axis) * steps[axis];
                rest /= shape.dim(axis);
            }
            products[i] = codes[i] * factors[Math.toIntExact(at)];
        }
        return products;
    }

    /** How far apart neighbours along each axis of a shape are in what is broadcast to it. */
    private static long[] steps(Shape shape, Shape broadcast) {
        long[] steps = new long[shape.rank()];
        long step = 1;
        for (int axis = broadcast.rank() - 1; axis >= 0; axis--) {
            int at = axis + shape.rank() - broadcast.rank();
            steps[at] = broadcast.dim(axis) == 1 ? 0 : step;
            step *= broadcast.dim(axis);
        }
        return steps;
    }
}
