package dev.nibble.torch.reconstruct;

import dev.nibble.number.Encoding;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * An activation rounded to its codes and back; gradients pass rounding as if it were not there.
 *
 * @param change what is added to the scale, as a part of it; learned, or none
 */
record FakeQuantizer(Encoding encoding, Learned change) {

    /** A scale's change, if it is learned. */
    sealed interface Learned {
        record By(Tensor part) implements Learned {}

        record Not() implements Learned {}
    }

    Tensor apply(Tensor values) {
        int zeroPoint = encoding.zeroPoint(0);
        int low = encoding.format().min();
        int high = encoding.format().max();
        return switch (change) {
            case Learned.Not _ ->
                    torch.fake_quantize_per_tensor_affine(
                            values, encoding.scale(0), zeroPoint, low, high);
            case Learned.By(Tensor part) -> {
                Tensor scale = part.add(new Scalar(1)).mul(new Scalar(encoding.scale(0)));
                Tensor inside = Tensors.clamp(values.div(scale), low - zeroPoint, high - zeroPoint);
                yield Tensors.rounded(inside).mul(scale);
            }
        };
    }

    /**
     * The same, with elements left as they are at random.
     *
     * @param drop their share
     */
    Tensor apply(Tensor values, double drop) {
        Tensor quantized = apply(values);
        return drop == 0 ? quantized : Tensors.mixed(values, quantized, drop);
    }

    /** The encoding with another scale. */
    Encoding scaled(float factor) {
        return Encoding.ofScale(
                encoding.scheme(), encoding.scale(0) * factor, encoding.zeroPoint(0));
    }
}
