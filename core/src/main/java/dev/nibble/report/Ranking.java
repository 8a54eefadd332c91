package dev.nibble.report;

import dev.nibble.tensor.Tensor;

/** Scores of classes, put in order. */
public final class Ranking {
    private Ranking() {}

    /** Whether a tensor is one row of at least two floating-point scores: every extent but one is 1. */
    public static boolean applies(Tensor tensor) {
        if (!tensor.isFloatingPoint() || tensor.elements() < 2) {
            return false;
        }
        for (long dim : tensor.shape().dims()) {
            if (dim != 1 && dim != tensor.elements()) {
                return false;
            }
        }
        return true;
    }

    /** The place of the greatest score; the first of equals. NaN is less than everything. */
    public static int top(Tensor scores) {
        float[] values = scores.floats();
        int top = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[top] || Float.isNaN(values[top])) {
                top = i;
            }
        }
        return top;
    }

    /** How many scores come before that of a class: 0 if it is on top. Of equals the first comes first. */
    public static int rank(Tensor scores, int label) {
        float[] values = scores.floats();
        int before = 0;
        for (int i = 0; i < values.length; i++) {
            before += values[i] > values[label] || (values[i] == values[label] && i < label) ? 1 : 0;
        }
        return Float.isNaN(values[label]) ? values.length - 1 : before;
    }
}
