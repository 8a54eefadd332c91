package dev.nibble.pass;

import dev.nibble.calibrate.ClippingSearch;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Scheme;
import dev.nibble.observe.GramMatrix;
import dev.nibble.plan.WeightChannels;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What rounding the weights of a layer adds to its outputs, if its input channels were divided by
 * some scales and the weights multiplied: {@code Σ (W − Q(W·diag(s))·diag(1/s))·x)² / Σ (W·x)²}
 * over the inputs x that second moments stand for.
 *
 * <p>Ranges are those that {@link WeightRanges} would choose. Of many output channels some are
 * looked at, evenly spaced.
 */
final class WeightNoise {
    private static final int MOST_ROWS = 256;

    /** Multiplications by second moments for one try. */
    private static final long MOST_PRODUCTS = 1L << 28;

    private static final int FEWEST_ROWS = 16;

    private final Scheme scheme;
    private final Shape shape;
    private final float[] weights;
    private final int[] channels;
    private final int[] places;
    private final int[] groups;
    private final int width;
    private final List<double[]> moments;
    private final double signal;

    /**
     * A layer as it is.
     *
     * @param gram of what goes into it, at least one patch
     */
    WeightNoise(WeightedNode node, Scheme scheme, GramMatrix gram) {
        WeightChannels layout = WeightChannels.of(node.node(), node.weight().shape()).orElseThrow();
        boolean all = scheme.granularity() instanceof PerTensor;
        int outputs = layout.outputs();
        int rows = all ? outputs : rows(outputs, gram.width());
        int[] rowOf = new int[outputs];
        Arrays.fill(rowOf, -1);
        this.groups = new int[rows];
        for (int row = 0; row < rows; row++) {
            int output = (int) ((long) row * outputs / rows);
            rowOf[output] = row;
            groups[row] = output / (outputs / layout.groups());
        }
        float[] whole = node.weight().floats();
        int[] taken =
                IntStream.range(0, whole.length)
                        .filter(i -> rowOf[layout.output(i)] >= 0)
                        .toArray();
        int inputs = layout.inputs() / layout.groups();
        this.scheme = scheme;
        long[] dims = node.weight().shape().dims();
        dims[node.outputAxis()] = rows;
        this.shape = Shape.of(dims);
        this.width = gram.width();
        this.weights = new float[taken.length];
        this.channels = new int[taken.length];
        this.places = new int[taken.length];
        for (int i = 0; i < taken.length; i++) {
            weights[i] = whole[taken[i]];
            channels[i] = layout.input(taken[i]);
            int column = channels[i] % inputs * layout.kernel() + taken[i] % layout.kernel();
            places[i] = rowOf[layout.output(taken[i])] * width + column;
        }
        this.moments = IntStream.range(0, gram.groups()).mapToObj(gram::moments).toList();
        double[] dense = new double[rows * width];
        for (int i = 0; i < weights.length; i++) {
            dense[places[i]] = weights[i];
        }
        this.signal = square(dense);
    }

    private static int rows(int outputs, int width) {
        long affordable = MOST_PRODUCTS / ((long) width * width);
        long most = Math.clamp(affordable, FEWEST_ROWS, MOST_ROWS);
        return (int) Math.min(outputs, most);
    }

    /**
     * The noise as a share of the outputs; not finite if the inputs were not.
     *
     * @param scales what the weights of each input channel are multiplied with
     */
    double share(double[] scales) {
        float[] scaled = new float[weights.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (weights[i] * scales[channels[i]]);
        }
        Encoding encoding =
                Encoding.ofRanges(
                        scheme,
                        scheme.granularity().scaleShape(shape),
                        ClippingSearch.ranges(scaled, new double[0], shape, scheme));
        float[] rounded = Quantizer.fakeQuantize(Tensor.ofFloats(shape, scaled), encoding).floats();
        double[] errors = new double[groups.length * width];
        for (int i = 0; i < rounded.length; i++) {
            errors[places[i]] = rounded[i] / scales[channels[i]] - weights[i];
        }
        double noise = square(errors);
        return noise == 0 ? 0 : noise / signal;
    }

    /** The mean square of the outputs of rows of weights. */
    private double square(double[] rows) {
        double[] squares =
                IntStream.range(0, groups.length)
                        .parallel()
                        .mapToDouble(row -> square(rows, row * width, moments.get(groups[row])))
                        .toArray();
        double sum = 0;
        for (double each : squares) {
            sum += each;
        }
        return sum;
    }

    private double square(double[] rows, int from, double[] gram) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            double product = 0;
            for (int j = 0; j < width; j++) {
                product += gram[i * width + j] * rows[from + j];
            }
            sum += rows[from + i] * product;
        }
        return sum;
    }
}
