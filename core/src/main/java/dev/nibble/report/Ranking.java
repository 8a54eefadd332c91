package dev.nibble.report;

import dev.nibble.tensor.Tensor;

/** Scores of classes, put in order. */
public final class Ranking {
    /** Stands for the top of scores that are all NaN. */
    public static final int NO_CLASS = -1;

    /** Stands for the rank of NaN: beyond every place. */
    public static final int NO_RANK = Integer.MAX_VALUE;

    private Ranking() {}

    /**
     * Whether a tensor is one row of at least two floating-point scores: every extent but one is 1.
     */
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

    /**
     * The place of the greatest score; the first of equals. NaN is less than everything; {@link
     * #NO_CLASS} if there is nothing else.
     */
    public static int top(Tensor scores) {
        float[] values = scores.floats();
        int top = NO_CLASS;
        for (int i = 0; i < values.length; i++) {
            if (!Float.isNaN(values[i]) && (top == NO_CLASS || values[i] > values[top])) {
                top = i;
            }
        }
        return top;
    }

    /**
     * How many scores come before that of a class: 0 if it is on top. Of equals the first comes
     * first. {@link #NO_RANK} if the class's own score is NaN.
     */
    public static int rank(Tensor scores, int label) {
        float[] values = scores.floats();
        if (Float.isNaN(values[label])) {
            return NO_RANK;
        }
        int before = 0;
        for (int i = 0; i < values.length; i++) {
            boolean first = values[i] == values[label] && i < label;
            before += values[i] > values[label] || first ? 1 : 0;
        }
        return before;
    }
}
