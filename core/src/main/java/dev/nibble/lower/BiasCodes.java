package dev.nibble.lower;

import dev.nibble.number.Encoding;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

/**
 * A bias as integer kernels add it: int32 codes of scale {@code inputScale · weightScale}, zero
 * point 0.
 *
 * @param scales a scalar if the weights have one scale, else one for each output channel
 */
record BiasCodes(Tensor codes, Tensor scales, Tensor zeroPoints) {
    /** Codes beyond this magnitude would let the sum with the product overflow 32 bits. */
    static final double LIMIT = 0x1p30;

    static BiasCodes of(Tensor bias, Encoding input, Encoding weight) {
        float[] values = bias.floats();
        float[] scales = new float[weight.groups()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = input.scale(0) * weight.scale(i);
        }
        int[] codes = new int[values.length];
        for (int i = 0; i < codes.length; i++) {
            double code = Math.rint((double) values[i] / scales[scales.length == 1 ? 0 : i]);
            if (Math.abs(code) > LIMIT) {
                throw new IllegalArgumentException(
                        "bias "
                                + values[i]
                                + " of channel "
                                + i
                                + " overflows; widen the weight scale first");
            }
            codes[i] = (int) code;
        }
        Shape scaleShape = weight.scaleShape();
        return new BiasCodes(
                Tensor.ofInts(Shape.of(codes.length), codes),
                Tensor.ofFloats(scaleShape, scales),
                Tensor.ofInts(scaleShape, new int[scales.length]));
    }
}
