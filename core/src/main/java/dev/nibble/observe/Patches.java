package dev.nibble.observe;

import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one output of a convolution or matrix product is computed from: the numbers under the kernel
 * at one position, or one row.
 *
 * <p>A patch holds {@code inputs · taps} numbers for each group of channels, in the order of the
 * weights: channel after channel, and within it row after row of the kernel; 0 where the kernel
 * reaches over the border.
 *
 * @param groups groups of channels that are convolved apart; 1 for matrix products
 * @param kernel extents of the kernel; empty for matrix products, whose rows lie along the last
 *     axis
 * @param strides steps from position to position, along each axis of the kernel
 * @param dilations steps from tap to tap
 * @param pads zeros before each axis, then after each
 * @param sameUpper whether the borders follow from the extents as in SAME_UPPER, with the odd zero
 *     after
 * @param sameLower the same with the odd zero before
 */
public record Patches(
        int groups,
        List<Long> kernel,
        List<Long> strides,
        List<Long> dilations,
        List<Long> pads,
        boolean sameUpper,
        boolean sameLower) {
    /** The rows along the last axis. */
    public static final Patches ROWS =
            new Patches(1, List.of(), List.of(), List.of(), List.of(), false, false);

    /** The patches that a Conv, Gemm or MatMul with constant weights multiplies. */
    public static Patches of(Node node, Shape weight) {
        if (!node.is("Conv")) {
            return ROWS;
        }
        int axes = weight.rank() - 2;
        List<Long> kernel = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            kernel.add(weight.dim(axis + 2));
        }
        String auto = node.text("auto_pad").orElse("NOTSET");
        List<Long> none = Collections.nCopies(2 * axes, 0L);
        return new Patches(
                Math.toIntExact(node.integer("group", 1)),
                List.copyOf(kernel),
                node.integers("strides").orElse(Collections.nCopies(axes, 1L)),
                node.integers("dilations").orElse(Collections.nCopies(axes, 1L)),
                auto.equals("VALID") ? none : node.integers("pads").orElse(none),
                auto.equals("SAME_UPPER"),
                auto.equals("SAME_LOWER"));
    }

    boolean rows() {
        return kernel.isEmpty();
    }

    int taps() {
        return Math.toIntExact(kernel.stream().reduce(1L, Math::multiplyExact));
    }

    /** How many positions one item of a batch has. */
    long positions(Shape input) {
        if (rows()) {
            return input.rank() < 2 ? 1 : input.product(1, input.rank() - 1);
        }
        long positions = 1;
        for (int axis = 0; axis < kernel.size(); axis++) {
            positions *= extent(input, axis);
        }
        return positions;
    }

    /** Positions along one axis. */
    private long extent(Shape input, int axis) {
        long in = input.dim(axis + 2);
        if (sameUpper || sameLower) {
            return Math.ceilDiv(in, strides.get(axis));
        }
        long padded = in + pads.get(axis) + pads.get(axis + kernel.size());
        return Math.max(0, (padded - reach(axis)) / strides.get(axis) + 1);
    }

    private long reach(int axis) {
        return (kernel.get(axis) - 1) * dilations.get(axis) + 1;
    }

    private long padBefore(Shape input, int axis) {
        if (!sameUpper && !sameLower) {
            return pads.get(axis);
        }
        long all =
                Math.max(
                        0,
                        (extent(input, axis) - 1) * strides.get(axis)
                                + reach(axis)
                                - input.dim(axis + 2));
        return sameUpper ? all / 2 : all - all / 2;
    }

    /**
     * Where in a channel's plane each tap of some positions reads; −1 beyond the border.
     *
     * @return for each position, its taps
     */
    int[] offsets(Shape input, long[] positions) {
        int taps = taps();
        int[] offsets = new int[positions.length * taps];
        for (int i = 0; i < positions.length; i++) {
            for (int tap = 0; tap < taps; tap++) {
                offsets[i * taps + tap] = Math.toIntExact(offset(input, positions[i], tap));
            }
        }
        return offsets;
    }

    private long offset(Shape input, long position, long tap) {
        long offset = 0;
        long plane = 1;
        long positionsLeft = position;
        long tapsLeft = tap;
        for (int axis = kernel.size() - 1; axis >= 0; axis--) {
            long extent = extent(input, axis);
            long at =
                    positionsLeft % extent * strides.get(axis)
                            + tapsLeft % kernel.get(axis) * dilations.get(axis)
                            - padBefore(input, axis);
            if (at < 0 || at >= input.dim(axis + 2)) {
                return -1;
            }
            offset += at * plane;
            plane *= input.dim(axis + 2);
            positionsLeft /= extent;
            tapsLeft /= kernel.get(axis);
        }
        return offset;
    }
}
