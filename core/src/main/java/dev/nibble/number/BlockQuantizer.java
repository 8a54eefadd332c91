package dev.nibble.number;

import dev.nibble.kernel.Affine;
import dev.nibble.kernel.Kernels;
import dev.nibble.tensor.Shape;

/**
 * An encoding at work on blocks of a tensor.
 *
 * <p>Where neighbours have scales of their own, as in the columns of a matrix, calling a kernel for
 * each element would be slow. As long as their zero point is the same, they are divided by their
 * scales first and quantized with scale 1, or the other way round: dividing and multiplying by 1
 * change nothing, so the bits are the same.
 */
final class BlockQuantizer {
    private final Kernels kernels;
    private final Encoding encoding;
    private final Groups groups;
    private final float[] scales;
    private final boolean dividing;

    private BlockQuantizer(Kernels kernels, Encoding encoding, Groups groups) {
        this.kernels = kernels;
        this.encoding = encoding;
        this.groups = groups;
        this.scales = encoding.scales();
        this.dividing = groups.stepping() && encoding.hasOneZeroPoint();
    }

    static BlockQuantizer of(Shape shape, Encoding encoding) {
        return new BlockQuantizer(
                Kernels.forElements(shape.elements()), encoding, Groups.of(shape, encoding));
    }

    /**
     * Quantizes elements {@code first} to {@code first + length} of the tensor; may overwrite them.
     */
    void quantize(float[] block, CodeBlock codes, long first, int length) {
        if (dividing) {
            groups.forEachStretch(
                    first, length, (group, from, run) -> divide(block, from, run, group));
            codes.quantize(kernels, block, 0, length, unit());
        } else {
            groups.forEachRun(
                    first,
                    length,
                    (group, from, run) ->
                            codes.quantize(kernels, block, from, run, encoding.affine(group)));
        }
    }

    void dequantize(CodeBlock codes, float[] block, long first, int length) {
        if (dividing) {
            codes.dequantize(kernels, block, 0, length, unit());
            groups.forEachStretch(
                    first, length, (group, from, run) -> multiply(block, from, run, group));
        } else {
            groups.forEachRun(
                    first,
                    length,
                    (group, from, run) ->
                            codes.dequantize(kernels, block, from, run, encoding.affine(group)));
        }
    }

    /** Rounds elements in place. */
    void fakeQuantize(float[] block, long first, int length) {
        if (dividing) {
            groups.forEachStretch(
                    first, length, (group, from, run) -> divide(block, from, run, group));
            kernels.fakeQuantize(block, 0, block, 0, length, unit());
            groups.forEachStretch(
                    first, length, (group, from, run) -> multiply(block, from, run, group));
        } else {
            groups.forEachRun(
                    first,
                    length,
                    (group, from, run) ->
                            kernels.fakeQuantize(
                                    block, from, block, from, run, encoding.affine(group)));
        }
    }

    private Affine unit() {
        Affine map = encoding.affine(0);
        return new Affine(1, map.zeroPoint(), map.low(), map.high());
    }

    private void divide(float[] block, int from, int length, int group) {
        for (int i = 0; i < length; i++) {
            block[from + i] /= scales[group + i];
        }
    }

    private void multiply(float[] block, int from, int length, int group) {
        for (int i = 0; i < length; i++) {
            block[from + i] *= scales[group + i];
        }
    }
}
