package dev.nibble.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.math.Cholesky;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class GptqRoundingTest {
    private static final float SCALE = 0.25f;

    private final Random random = new Random(11);

    /** Inputs that have much in common. */
    private double[] moments(int columns) {
        double[] moments = new double[columns * columns];
        double[] mixing = gaussian(4 * columns);
        for (int sample = 0; sample < 3 * columns; sample++) {
            double[] common = gaussian(4);
            double[] x = new double[columns];
            for (int i = 0; i < columns; i++) {
                x[i] = 0.3 * random.nextGaussian();
                for (int k = 0; k < common.length; k++) {
                    x[i] += common[k] * mixing[4 * i + k];
                }
            }
            for (int i = 0; i < columns; i++) {
                for (int j = 0; j < columns; j++) {
                    moments[i * columns + j] += x[i] * x[j] / (3 * columns);
                }
            }
        }
        return moments;
    }

    private double[] gaussian(int length) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextGaussian() * 0.6;
        }
        return values;
    }

    private static RoundingGrid grid(int rows, int columns, Granularity granularity) {
        Shape shape = Shape.of(rows, columns);
        Scheme scheme = new Scheme(NumberFormats.INT4, true, granularity);
        Shape scaleShape = granularity.scaleShape(shape);
        float[] scales = new float[(int) scaleShape.elements()];
        Arrays.fill(scales, SCALE);
        Encoding encoding = new Encoding(scheme, scaleShape, scales, new int[scales.length]);
        return new RoundingGrid(new WeightRows(rows, columns, 1, true), shape, 0, encoding);
    }

    private static double error(double[] rounded, double[] targets, double[] form, int columns) {
        double[] off = new double[targets.length];
        for (int i = 0; i < off.length; i++) {
            off[i] = rounded[i] - targets[i];
        }
        double[] products = QuadraticForm.products(off, form, columns);
        double error = 0;
        for (int i = 0; i < off.length; i++) {
            error += off[i] * products[i];
        }
        return error;
    }

    private static double[] nearest(double[] targets) {
        return Arrays.stream(targets)
                .map(target -> Math.clamp(Math.rint(target / SCALE), -8, 7) * SCALE)
                .toArray();
    }

    /** GPTQ as the paper has it: with the inverse, its Cholesky factor, and updates of the rest. */
    private static double[] published(double[] targets, double[] form, int columns) {
        Integer[] order = new Integer[columns];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                (one, other) ->
                        Double.compare(form[other * columns + other], form[one * columns + one]));
        double[] permuted = new double[form.length];
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j < columns; j++) {
                permuted[i * columns + j] = form[order[i] * columns + order[j]];
            }
        }
        double[] inverse = Cholesky.of(permuted, columns).orElseThrow().inverse();
        double[] upper = Cholesky.of(inverse, columns).orElseThrow().upper();
        double[] rounded = new double[targets.length];
        for (int row = 0; row < targets.length / columns; row++) {
            double[] left = new double[columns];
            for (int j = 0; j < columns; j++) {
                left[j] = targets[row * columns + order[j]];
            }
            for (int j = 0; j < columns; j++) {
                double code = Math.clamp(Math.rint(left[j] / SCALE), -8, 7) * SCALE;
                double error = (left[j] - code) / upper[j * columns + j];
                rounded[row * columns + order[j]] = code;
                for (int k = j; k < columns; k++) {
                    left[k] -= error * upper[j * columns + k];
                }
            }
        }
        return rounded;
    }

    @Test
    void withoutSweepsItIsThePublishedAlgorithm() {
        int columns = 37;
        double[] form = moments(columns);
        double[] targets = gaussian(21 * columns);
        double[] rounded =
                new GptqRounding(form, columns, 0, 0)
                        .round(targets, grid(21, columns, Granularity.perTensor()), 0);
        assertThat(rounded).containsExactly(published(targets, form, columns), within(1e-9));
    }

    @Test
    void errorsCancel() {
        int columns = 48;
        double[] form = moments(columns);
        double[] targets = gaussian(20 * columns);
        RoundingGrid grid = grid(20, columns, Granularity.perTensor());
        double near = error(nearest(targets), targets, form, columns);
        double once =
                error(
                        new GptqRounding(form, columns, 0.01, 0).round(targets, grid, 0),
                        targets,
                        form,
                        columns);
        double swept =
                error(
                        new GptqRounding(form, columns, 0.01, 3).round(targets, grid, 0),
                        targets,
                        form,
                        columns);
        assertThat(once).isLessThan(0.6 * near);
        assertThat(swept).isLessThan(once);
    }

    @Test
    void afterEnoughSweepsNoCodeCanMoveAlone() {
        int columns = 9;
        double[] form = moments(columns);
        double[] targets = gaussian(columns);
        double[] rounded =
                new GptqRounding(form, columns, 0, 50)
                        .round(targets, grid(1, columns, Granularity.perTensor()), 0);
        double least = error(rounded, targets, form, columns);
        for (int i = 0; i < columns; i++) {
            for (float step : new float[] {-SCALE, SCALE}) {
                double[] moved = rounded.clone();
                moved[i] += step;
                if (Math.abs(moved[i]) < 7 * SCALE) {
                    assertThat(error(moved, targets, form, columns)).isGreaterThanOrEqualTo(least);
                }
            }
        }
    }

    @Test
    void scalesOfRowsAreFittedToTheirCodes() {
        int columns = 24;
        double[] form = moments(columns);
        double[] targets = gaussian(5 * columns);
        RoundingGrid shared = grid(5, columns, Granularity.perTensor());
        RoundingGrid own = grid(5, columns, new Granularity.PerAxis(0));
        double fixed =
                error(
                        new GptqRounding(form, columns, 0, 4).round(targets, shared, 0),
                        targets,
                        form,
                        columns);
        double[] rounded = new GptqRounding(form, columns, 0, 4).round(targets, own, 0);
        assertThat(error(rounded, targets, form, columns)).isLessThan(fixed);
        assertThat(own.encoding().scales()).doesNotContain(SCALE);
        float[] floats = new float[rounded.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) rounded[i];
        }
        Tensor weights = Tensor.ofFloats(Shape.of(5, columns), floats);
        assertThat(Quantizer.fakeQuantize(weights, own.encoding())).isEqualTo(weights);
    }

    @Test
    void deadInputsAreRoundedToNearest() {
        double[] targets = {0.3, -0.7, 0.12};
        double[] rounded =
                new GptqRounding(new double[9], 3, 0.1, 2)
                        .round(targets, grid(1, 3, Granularity.perTensor()), 0);
        assertThat(rounded).containsExactly(nearest(targets));
    }
}
