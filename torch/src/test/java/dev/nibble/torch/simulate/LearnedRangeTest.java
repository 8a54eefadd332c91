package dev.nibble.torch.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.Shape;
import dev.nibble.train.TrainingSettings.Ranges;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

class LearnedRangeTest {
    private static final float SCALE = 0.5f;
    private static final int ZERO = 4;
    private static final int LOW = -ZERO;
    private static final int HIGH = 15 - ZERO;
    private static final Encoding CODES =
            Encoding.ofScale(new Scheme(NumberFormats.UINT4, false, new PerTensor()), SCALE, ZERO);
    private static final float[] VALUES = {-9, -2.6f, -0.3f, 0, 0.2f, 1.1f, 2.4f, 5.6f, 40, 1e9f};

    @Test
    void roundsAsConstantsAre() {
        float[] many = new float[100_001];
        Random random = new Random(1);
        for (int i = 0; i < many.length; i++) {
            many[i] = (float) random.nextGaussian(0, 4);
        }
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Tensor made = new LearnedRange(CODES, Ranges.LEARNED).apply(tensor(many));

            dev.nibble.tensor.Tensor expected =
                    Quantizer.fakeQuantize(
                            dev.nibble.tensor.Tensor.ofFloats(Shape.of(many.length), many), CODES);
            assertThat(floats(made)).containsExactly(expected.floats());
        }
    }

    @Test
    void gradientsOfValuesPassInsideOfTheRange() {
        try (PointerScope _ = new PointerScope()) {
            Tensor values = tensor(VALUES).requires_grad_(true);
            new LearnedRange(CODES, Ranges.LEARNED).apply(values).sum().backward();

            assertThat(floats(values.grad())).containsExactly(0, 0, 1, 1, 1, 1, 1, 0, 0, 0);
        }
    }

    @Test
    void theGradientOfAScaleIsThatOfThePaper() {
        try (PointerScope _ = new PointerScope()) {
            LearnedRange range = new LearnedRange(CODES, Ranges.LEARNED);
            backward(range);

            // d scale / d logarithm = scale
            assertThat(gradient(range, "range x")).isCloseTo(SCALE * published(), within(1e-2));
        }
    }

    @Test
    void gradientsOfManyValuesAreSummed() {
        float[] many = new float[VALUES.length * 10_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = VALUES[i % VALUES.length];
        }
        try (PointerScope _ = new PointerScope()) {
            LearnedRange range = new LearnedRange(CODES, Ranges.LEARNED);
            range.apply(tensor(many)).sum().backward();
            range.told().orElseThrow().backward();

            assertThat(gradient(range, "range x") / 10_000)
                    .isCloseTo(SCALE * published(), within(1e-2));
        }
    }

    @Test
    void theGradientOfAnOffsetIsTheFiniteDifferenceOfWhatIsClipped() {
        try (PointerScope _ = new PointerScope()) {
            LearnedRange range = new LearnedRange(CODES, Ranges.LEARNED);
            backward(range);

            double difference = (clipped(ZERO + 0.1) - clipped(ZERO - 0.1)) / 0.2;
            double steps = NumberFormats.UINT4.steps();
            assertThat(gradient(range, "offset x")).isCloseTo(steps * difference, within(1e-3));
        }
    }

    @Test
    void clippingLearnsFromWhatIsAboveTheRangeAlone() {
        Encoding positive = Encoding.ofScale(CODES.scheme(), SCALE, 0);
        try (PointerScope _ = new PointerScope()) {
            LearnedRange range = new LearnedRange(positive, Ranges.CLIPPING);
            backward(range);

            // 40 and 1e9 are above 7.5, whose logarithm is learned
            assertThat(gradient(range, "range x")).isCloseTo(2 * 7.5, within(1e-3));
        }
    }

    @Test
    void valuesThatLearnNothingLeaveTheRangeItsGradient() {
        try (PointerScope _ = new PointerScope()) {
            LearnedRange range = new LearnedRange(CODES, Ranges.LEARNED);
            Tensor values = tensor(VALUES).requires_grad_(true);
            range.apply(values).sum().backward();
            range.told().orElseThrow().backward();

            LearnedRange alone = new LearnedRange(CODES, Ranges.LEARNED);
            backward(alone);
            assertThat(gradient(range, "range x")).isEqualTo(gradient(alone, "range x"));
        }
    }

    @Test
    void aRunThatNeverWentBackwardsIsForgotten() {
        try (PointerScope _ = new PointerScope()) {
            LearnedRange range = new LearnedRange(CODES, Ranges.LEARNED);
            range.apply(tensor(VALUES));
            range.forget();

            assertThat(range.told()).isEmpty();
        }
    }

    @Test
    void fixedRangesHaveNoGradient() {
        try (PointerScope _ = new PointerScope()) {
            LearnedRange range = new LearnedRange(CODES, Ranges.FIXED);
            range.apply(tensor(VALUES).requires_grad_(true)).sum().backward();

            assertThat(range.told()).isEmpty();
        }
    }

    private static void backward(LearnedRange range) {
        range.apply(tensor(VALUES)).sum().backward();
        range.told().orElseThrow().backward();
    }

    private static double gradient(LearnedRange range, String name) {
        Map<String, Tensor> parameters = new TreeMap<>();
        range.parameters("x", parameters);
        return Objects.requireNonNull(parameters.get(name)).grad().item_double();
    }

    /** Esser et al. 2020, equation 3, summed. */
    private static double published() {
        double sum = 0;
        for (float value : VALUES) {
            double steps = (double) value / SCALE;
            if (steps <= LOW) {
                sum += LOW;
            } else if (steps >= HIGH) {
                sum += HIGH;
            } else {
                sum += Math.rint(steps) - steps;
            }
        }
        return sum;
    }

    /** The sum of what becomes of values beyond the ends s·(low − z) and s·(high − z). */
    private static double clipped(double zero) {
        double sum = 0;
        for (float value : VALUES) {
            double steps = (double) value / SCALE;
            if (steps <= LOW) {
                sum += SCALE * -zero;
            } else if (steps >= HIGH) {
                sum += SCALE * (15 - zero);
            }
        }
        return sum;
    }

    private static Tensor tensor(float[] values) {
        return Tensor.create(values, values.length);
    }

    private static float[] floats(Tensor tensor) {
        return dev.nibble.torch.operator.TorchTensors.fromTorch(tensor.detach()).floats();
    }
}
