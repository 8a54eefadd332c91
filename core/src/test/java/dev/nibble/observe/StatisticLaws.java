package dev.nibble.observe;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.RepeatedTest;

import java.util.Arrays;
import java.util.Random;

/**
 * The laws of {@link Statistic} and {@link Observer}: a commutative monoid, and a homomorphism from
 * putting tensors together to merging.
 *
 * <p>Values are random; a failure names the seed, and {@code -Dnibble.seed=…} repeats it.
 */
abstract class StatisticLaws<S extends Statistic<S>> {
    private static final int CHANNELS = 3;
    private static final int INNER = 7;

    private final long seed = Long.getLong("nibble.seed", System.nanoTime());
    private final Random random = new Random(seed);

    abstract Observer<S> observer();

    /** Fails unless both are the same, exactly or up to the rounding of sums. */
    abstract void assertSame(S actual, S expected);

    /** One value to be observed. */
    abstract float value(Random random);

    @RepeatedTest(20)
    void nothingIsNeutral() {
        S some = observer().observe(part(4));
        check("something and nothing", some.merge(observer().nothing()), some);
        check("nothing and something", observer().nothing().merge(some), some);
    }

    @RepeatedTest(20)
    void anEmptyTensorIsNothing() {
        S some = observer().observe(part(4));
        check(
                "something and what an empty tensor gives",
                some.merge(observer().observe(part(0))),
                some);
    }

    @RepeatedTest(20)
    void mergingIsAssociative() {
        S first = observer().observe(part(3));
        S second = observer().observe(part(1));
        S third = observer().observe(part(2));
        check("grouping", first.merge(second).merge(third), first.merge(second.merge(third)));
    }

    @RepeatedTest(20)
    void mergingIsCommutative() {
        S first = observer().observe(part(3));
        S second = observer().observe(part(1));
        check("order", first.merge(second), second.merge(first));
    }

    @RepeatedTest(20)
    void observingPartsAndMergingIsObservingTheWhole() {
        int rows = 2 + random.nextInt(400);
        int split = random.nextInt(rows + 1);
        Tensor whole = part(rows);
        float[] values = whole.floats();
        S merged =
                observer()
                        .observe(slice(values, 0, split))
                        .merge(observer().observe(slice(values, split, rows)));
        check(split + " of " + rows + " rows", merged, observer().observe(whole));
    }

    private void check(String what, S actual, S expected) {
        try {
            assertSame(actual, expected);
        } catch (AssertionError e) {
            Assertions.fail(
                    "%s; repeat with -Dnibble.seed=%d%n%s".formatted(what, seed, e.getMessage()),
                    e);
        }
    }

    private Tensor part(int rows) {
        float[] values = new float[rows * CHANNELS * INNER];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(random);
        }
        return slice(values, 0, rows);
    }

    private static Tensor slice(float[] values, int fromRow, int toRow) {
        int row = CHANNELS * INNER;
        float[] part = Arrays.copyOfRange(values, fromRow * row, toRow * row);
        return Tensor.ofFloats(Shape.of(toRow - fromRow, CHANNELS, INNER), part);
    }

    /**
     * Gaussian, with magnitudes that differ by many powers of ten, zeros, and now and then what is
     * not finite.
     */
    static float anything(Random random) {
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> 0f;
            case 3 -> -0f;
            case 4 -> Float.NaN;
            case 5 -> Float.NEGATIVE_INFINITY;
            case 6 -> Float.intBitsToFloat(random.nextInt());
            case 7 -> Float.MIN_VALUE * random.nextInt(-9, 9);
            default -> (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-6, 7)));
        };
    }

    static float moderate(Random random) {
        return (float) random.nextGaussian() + 0.1f;
    }
}
