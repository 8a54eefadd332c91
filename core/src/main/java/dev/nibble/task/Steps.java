package dev.nibble.task;

import dev.nibble.tensor.Tensor;

/** The answers along a sequence {@code [… × scores]}. */
final class Steps {
    private static final int NOTHING = -1;

    private Steps() {}

    /** Share of steps whose greatest score is at the same place. */
    static double agreement(Tensor baseline, Tensor other) {
        int scores = Math.toIntExact(baseline.shape().dim(-1));
        float[] one = baseline.floats();
        float[] two = other.floats();
        int steps = one.length / scores;
        int same = 0;
        for (int step = 0; step < steps; step++) {
            int top = top(one, step * scores, 1, scores);
            same += top != NOTHING && top == top(two, step * scores, 1, scores) ? 1 : 0;
        }
        return (double) same / steps;
    }

    /** The place of the greatest of some numbers; the first of equals; −1 if all are NaN. */
    static int top(float[] values, int first, int stride, int count) {
        int top = NOTHING;
        float greatest = Float.NaN;
        for (int i = 0; i < count; i++) {
            float value = values[first + i * stride];
            if (!Float.isNaN(value) && (top == NOTHING || value > greatest)) {
                top = i;
                greatest = value;
            }
        }
        return top;
    }
}
