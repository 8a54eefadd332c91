package dev.nibble.torch.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

import java.util.function.DoubleUnaryOperator;

class RoundingTest {
    private static final float[] VALUES = {-9, -2.6f, -0.3f, 0, 0.2f, 1.1f, 2.4f, 3.3f, 40};
    private static final float SCALE = 0.5f;
    private static final int LOW = -4;
    private static final int HIGH = 3;

    @Test
    void roundsToCodesAndBack() {
        try (PointerScope _ = new PointerScope()) {
            Tensor made = Rounding.perTensor(values(), scalar(SCALE), scalar(0), LOW, HIGH);

            assertThat(floats(made)).containsExactly(-2, -2, -0.5f, 0, 0, 1, 1.5f, 1.5f, 1.5f);
        }
    }

    @Test
    void gradientsOfValuesPassInsideOfTheRange() {
        try (PointerScope _ = new PointerScope()) {
            Tensor values = values().requires_grad_(true);
            Rounding.perTensor(values, scalar(SCALE), scalar(0), LOW, HIGH).sum().backward();

            assertThat(floats(values.grad())).containsExactly(0, 0, 1, 1, 1, 1, 0, 0, 0);
        }
    }

    @Test
    void theGradientOfAScaleIsThatOfThePaper() {
        try (PointerScope _ = new PointerScope()) {
            Tensor scale = scalar(SCALE).requires_grad_(true);
            Rounding.perTensor(values(), scale, scalar(0), LOW, HIGH).sum().backward();

            assertThat(scale.grad().item_double()).isCloseTo(published(0), within(1e-5));
        }
    }

    @Test
    void theGradientsOfTheScalesOfChannelsAreThoseOfThePaper() {
        try (PointerScope _ = new PointerScope()) {
            Tensor both = torch.cat(pair(values(), values()), 0).reshape(2, VALUES.length);
            Tensor scales = Tensor.create(new float[] {SCALE, SCALE}, 2).requires_grad_(true);
            Rounding.perAxis(both, scales, torch.zeros(2), 0, LOW, HIGH).sum().backward();

            assertThat(scales.grad().get(0).item_double()).isCloseTo(published(0), within(1e-5));
            assertThat(scales.grad().get(1).item_double()).isCloseTo(published(0), within(1e-5));
        }
    }

    @Test
    void theGradientsOfTheScalesOfElementsAreThoseOfThePaper() {
        try (PointerScope _ = new PointerScope()) {
            Tensor scale = scalar(SCALE).requires_grad_(true);
            Rounding.perElement(values(), scale, LOW, HIGH).sum().backward();

            assertThat(scale.grad().item_double()).isCloseTo(published(0), within(1e-5));
        }
    }

    @Test
    void theGradientOfAZeroPointIsTheFiniteDifferenceOfWhatIsClipped() {
        try (PointerScope _ = new PointerScope()) {
            Tensor zeroPoint = scalar(1).requires_grad_(true);
            Rounding.perTensor(values(), scalar(SCALE), zeroPoint, LOW, HIGH).sum().backward();

            // with zero point z the ends are s·(low − z) and s·(high − z); inside nothing moves
            DoubleUnaryOperator clipped =
                    z -> {
                        double sum = 0;
                        for (float value : VALUES) {
                            double steps = Math.rint((double) value / SCALE);
                            boolean outside = steps < LOW - 1 || steps > HIGH - 1;
                            sum += outside ? SCALE * ((value < 0 ? LOW : HIGH) - z) : 0;
                        }
                        return sum;
                    };
            double difference = (clipped.applyAsDouble(1.1) - clipped.applyAsDouble(0.9)) / 0.2;
            assertThat(zeroPoint.grad().item_double()).isCloseTo(difference, within(1e-4));
        }
    }

    /** Esser et al. 2020, equation 3, summed. */
    private static double published(int zeroPoint) {
        double sum = 0;
        for (float value : VALUES) {
            double steps = (double) value / SCALE;
            if (steps <= LOW - zeroPoint) {
                sum += LOW - zeroPoint;
            } else if (steps >= HIGH - zeroPoint) {
                sum += HIGH - zeroPoint;
            } else {
                sum += Math.rint(steps) - steps;
            }
        }
        return sum;
    }

    private static Tensor values() {
        return Tensor.create(VALUES, VALUES.length);
    }

    private static Tensor scalar(float number) {
        return Tensor.create(new float[] {number}, 1);
    }

    private static org.bytedeco.pytorch.TensorVector pair(Tensor first, Tensor second) {
        return new org.bytedeco.pytorch.TensorVector(first, second);
    }

    private static float[] floats(Tensor tensor) {
        return dev.nibble.torch.operator.TorchTensors.fromTorch(tensor.detach()).floats();
    }
}
