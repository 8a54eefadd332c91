package dev.nibble.observe;

import dev.nibble.kernel.Kernels;
import dev.nibble.tensor.Tensor;

/**
 * The extremes of the finite values. Merges exactly.
 *
 * @param min least finite value; positive infinity if there is none
 * @param max greatest finite value; negative infinity if there is none
 * @param total number of finite values
 * @param notFinite number of values that are NaN or infinite
 */
public record MinMax(float min, float max, long total, long notFinite)
        implements Statistic<MinMax> {
    /** The extremes of no values. */
    public static final MinMax NOTHING =
            new MinMax(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, 0);

    public static Observer<MinMax> observer() {
        return new Extremes();
    }

    /** Whether no finite value was seen. */
    public boolean isEmpty() {
        return total == 0;
    }

    @Override
    public MinMax merge(MinMax other) {
        return new MinMax(
                Math.min(min, other.min),
                Math.max(max, other.max),
                total + other.total,
                notFinite + other.notFinite);
    }

    static MinMax of(Tensor values) {
        Kernels kernels = Kernels.forElements(values.elements());
        MinMax[] seen = {NOTHING};
        FloatBlocks.forEach(
                values,
                (block, length) -> {
                    Kernels.Extremes extremes = kernels.extremes(block, 0, length);
                    long notFinite = extremes.notFinite();
                    seen[0] =
                            seen[0].merge(
                                    new MinMax(
                                            extremes.min(),
                                            extremes.max(),
                                            length - notFinite,
                                            notFinite));
                });
        return seen[0];
    }

    private record Extremes() implements Observer<MinMax> {
        @Override
        public MinMax nothing() {
            return NOTHING;
        }

        @Override
        public MinMax observe(Tensor values) {
            return of(values);
        }
    }
}
