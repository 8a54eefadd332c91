package dev.nibble.observe;

import dev.nibble.kernel.Kernels;
import dev.nibble.observe.GramMatrix.Sums;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Adds up the products of patches and targets for a {@link GramMatrix}.
 *
 * <p>Patches of several samples are laid side by side first, as every pass over the sums costs as
 * much as some of the products.
 */
final class PatchProducts {
    /** Patches laid side by side. */
    private static final int BLOCK = 256;

    /** Patches whose products are added up in float. */
    private static final int RUN = 64;

    /** Rows of the sums that one thread works on at a time. */
    private static final int ROWS = 32;

    /** Rows of patches that the kernel adds at once. */
    private static final int FOUR = 4;

    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final Patches patches;
    private final int most;

    private int width;
    private int outputs;
    private int capacity;
    private int filled;
    private long count;
    private float[] inputs = new float[0];
    private float[] targets = new float[0];
    private Sums sums = Sums.zeros(0, 0, 0);

    PatchProducts(Patches patches, int most) {
        if (most < 1) {
            throw new IllegalArgumentException(most + " positions of a sample are too few");
        }
        this.patches = patches;
        this.most = most;
    }

    void add(Tensor input, Optional<Tensor> target) {
        Shape shape = input.shape();
        if (shape.elements() == 0) {
            return;
        }
        long[] positions = positions(patches.positions(shape));
        begin(input, target, positions.length);
        int items = patches.rows() && shape.rank() < 2 ? 1 : Math.toIntExact(shape.dim(0));
        int[] offsets = patches.rows() ? new int[0] : patches.offsets(shape, positions);
        int[] places = Arrays.stream(positions).mapToInt(Math::toIntExact).toArray();
        for (int item = 0; item < items; item++) {
            if (filled + positions.length > capacity) {
                flush();
            }
            if (patches.rows()) {
                gatherRows(input, item, positions, inputs, width);
                int at = item;
                target.ifPresent(rows -> gatherRows(rows, at, positions, targets, outputs));
            } else {
                gather(input, item, offsets, patches.taps(), inputs, width);
                int at = item;
                target.ifPresent(maps -> gather(maps, at, places, 1, targets, outputs));
            }
            filled += positions.length;
        }
    }

    /** One position of each of as many stretches of equal length. */
    private long[] positions(long all) {
        int taken = (int) Math.min(all, most);
        long[] positions = new long[taken];
        for (int i = 0; i < taken; i++) {
            long from = i * all / taken;
            long to = (i + 1) * all / taken;
            long hash = (i + 1) * MIX;
            positions[i] = from + Long.remainderUnsigned(hash ^ (hash >>> 29), to - from);
        }
        return positions;
    }

    /** Makes room, now that the sizes are known. */
    private void begin(Tensor input, Optional<Tensor> target, int positions) {
        int channelAxis = patches.rows() ? -1 : 1;
        int wide =
                Math.toIntExact(input.shape().dim(channelAxis)) / patches.groups() * patches.taps();
        int out =
                target.map(tensor -> Math.toIntExact(tensor.shape().dim(channelAxis))).orElse(0)
                        / patches.groups();
        if (sums.groups() == 0) {
            width = wide;
            outputs = out;
            sums = Sums.zeros(patches.groups(), width, outputs);
        }
        if (wide != width || out != outputs) {
            throw new IllegalArgumentException(
                    "patches of %d inputs and %d targets do not go with those of %d and %d"
                            .formatted(wide, out, width, outputs));
        }
        if (positions > capacity) {
            flush();
            capacity = Math.ceilDiv(Math.max(positions, BLOCK), FOUR) * FOUR;
            inputs = new float[Math.multiplyExact(patches.groups() * capacity, width)];
            targets = new float[Math.multiplyExact(patches.groups() * capacity, outputs)];
        }
    }

    private void gatherRows(Tensor rows, int item, long[] positions, float[] gathered, int length) {
        long first = item * patches.positions(rows.shape());
        for (int i = 0; i < positions.length; i++) {
            rows.copyFloats(
                    (first + positions[i]) * length, gathered, (filled + i) * length, length);
        }
    }

    /** Reads channel after channel, so that only one plane is looked at at a time. */
    private void gather(
            Tensor maps, int item, int[] offsets, int taps, float[] gathered, int length) {
        int channels = Math.toIntExact(maps.shape().dim(1));
        int plane = Math.toIntExact(maps.shape().product(2, maps.shape().rank()));
        float[] values = new float[plane];
        int perGroup = channels / patches.groups();
        for (int channel = 0; channel < channels; channel++) {
            maps.copyFloats(((long) item * channels + channel) * plane, values, 0, plane);
            int start =
                    (channel / perGroup * capacity + filled) * length + channel % perGroup * taps;
            for (int i = 0; i < offsets.length; i++) {
                int offset = offsets[i];
                gathered[start + i / taps * length + i % taps] = offset < 0 ? 0 : values[offset];
            }
        }
    }

    private void flush() {
        int rows = Math.ceilDiv(filled, FOUR) * FOUR;
        if (rows == 0) {
            return;
        }
        for (int group = 0; group < patches.groups(); group++) {
            int blank = group * capacity + filled;
            int end = group * capacity + rows;
            Arrays.fill(inputs, blank * width, end * width, 0);
            Arrays.fill(targets, blank * outputs, end * outputs, 0);
        }
        Kernels kernels = Kernels.forElements((long) sums.products().length * most * FOUR);
        int tiles = Math.ceilDiv(width + outputs, ROWS);
        IntStream.range(0, patches.groups() * tiles)
                .parallel()
                .forEach(task -> addTile(task / tiles, task % tiles * ROWS, rows, kernels));
        count += filled;
        filled = 0;
    }

    /** Adds some rows of one group's sums: those of the inputs first, then those of the targets. */
    private void addTile(int group, int firstRow, int rows, Kernels kernels) {
        float[] sum = new float[width];
        float[] factors = new float[FOUR];
        int end = Math.min(firstRow + ROWS, width + outputs);
        for (int from = 0; from < rows; from += RUN) {
            int to = Math.min(rows, from + RUN);
            for (int row = firstRow; row < end; row++) {
                boolean input = row < width;
                float[] lefts = input ? inputs : targets;
                int length = input ? width : outputs;
                int left = input ? row : row - width;
                int first = input ? row : 0;
                Arrays.fill(sum, 0);
                float total = 0;
                float squares = 0;
                for (int p = from; p < to; p += FOUR) {
                    int at = group * capacity + p;
                    for (int i = 0; i < FOUR; i++) {
                        factors[i] = lefts[(at + i) * length + left];
                        squares += factors[i] * factors[i];
                    }
                    total += (factors[0] + factors[1]) + (factors[2] + factors[3]);
                    kernels.addFourScaled(
                            inputs, at * width + first, width, factors, sum, first, width - first);
                }
                int place = group * length + left;
                (input ? sums.inputs() : sums.targets())[place] += total;
                if (!input) {
                    sums.targetSquares()[place] += squares;
                }
                addTo(input ? sums.products() : sums.cross(), place * width, sum, first);
            }
        }
    }

    private static void addTo(double[] sums, int at, float[] more, int first) {
        for (int i = first; i < more.length; i++) {
            sums[at + i] += more[i];
        }
    }

    GramMatrix finish() {
        flush();
        return count == 0 ? GramMatrix.NOTHING : new GramMatrix(count, sums);
    }
}
