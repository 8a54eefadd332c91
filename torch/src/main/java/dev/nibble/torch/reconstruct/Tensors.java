package dev.nibble.torch.reconstruct;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Small computations on libtorch's tensors. */
final class Tensors {
    private Tensors() {}

    static Tensor clamp(Tensor values, double low, double high) {
        return values.clamp(
                new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high)));
    }

    /** Rounded, with the gradient of what was not. */
    static Tensor rounded(Tensor values) {
        return values.add(torch.round(values).sub(values).detach());
    }

    /** Elements of the first with a probability, else of the second. */
    static Tensor mixed(Tensor first, Tensor second, double probability) {
        Tensor takesFirst = torch.lt(torch.rand_like(first), new Scalar(probability));
        return torch.where(takesFirst, first, second);
    }

    static double meanSquare(Tensor values) {
        return values.square().mean().item_double();
    }
}
