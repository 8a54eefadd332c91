package dev.nibble.torch.reconstruct;

import dev.nibble.number.Encoding;
import dev.nibble.torch.operator.TorchTensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A weight between the two codes around it: {@code scale · (floor + h(v))} with the rectified
 * sigmoid {@code h(v) = clamp(sigmoid(v)·(ζ − γ) + γ, 0, 1)}, ζ = 1.1, γ = −0.1 (Nagel et al. 2020,
 * arXiv 2004.10568, equation 23).
 */
final class SoftWeight {
    private static final double ZETA = 1.1;
    private static final double GAMMA = -0.1;
    private static final double ON_GRID = 1e-3;

    private final Tensor floor;
    private final Tensor scale;
    private final Tensor rounding;

    private SoftWeight(Tensor floor, Tensor scale, Tensor rounding) {
        this.floor = floor;
        this.scale = scale;
        this.rounding = rounding;
    }

    /**
     * A weight that begins as what it is in the float network, as far as the two codes allow.
     *
     * @param exact the float network's weight
     * @param fitted the quantized network's: on the grid if something rounded it before, and then
     *     its code stays one of the two
     */
    static SoftWeight of(
            dev.nibble.tensor.Tensor exact, dev.nibble.tensor.Tensor fitted, Encoding encoding) {
        Scales scales = Scales.of(encoding, exact.shape());
        Tensor start = TorchTensors.toTorch(fitted).div(scales.scale());
        Tensor codes = torch.round(start);
        boolean rounded = torch.max(start.sub(codes).abs()).item_double() < ON_GRID;
        Tensor wanted = rounded ? TorchTensors.toTorch(exact).div(scales.scale()) : start;
        // code − zeroPoint, as far as the format goes
        Tensor lowest = scales.zeroPoint().neg().add(new Scalar(encoding.scheme().lowestCode()));
        Tensor highest = scales.zeroPoint().neg().add(new Scalar(encoding.format().max()));
        Tensor below = codes.sub(torch.lt(wanted, codes).toType(ScalarType.Float));
        Tensor floor = torch.min(torch.max(below, lowest), highest.sub(new Scalar(1)));
        Tensor fraction = Tensors.clamp(wanted.sub(floor), 0.01, 0.99);
        // the inverse of h
        Tensor sigmoid = fraction.sub(new Scalar(GAMMA)).div(new Scalar(ZETA - GAMMA));
        Tensor rounding = torch.logit(sigmoid);
        return new SoftWeight(floor, scales.scale(), rounding.requires_grad_(true));
    }

    /** What is learned. */
    Tensor rounding() {
        return rounding;
    }

    private Tensor up() {
        Tensor stretched =
                torch.sigmoid(rounding).mul(new Scalar(ZETA - GAMMA)).add(new Scalar(GAMMA));
        return Tensors.clamp(stretched, 0, 1);
    }

    /** The weight on its way. */
    Tensor soft() {
        return floor.add(up()).mul(scale);
    }

    /** The weight on the grid. */
    Tensor hard() {
        return floor.add(torch.gt(rounding, new Scalar(0)).toType(ScalarType.Float)).mul(scale);
    }

    /** How far the weights are from the grid, all together: {@code Σ 1 − |2h − 1|^β}. */
    Tensor indecision(double beta) {
        Tensor distance = up().mul(new Scalar(2)).sub(new Scalar(1)).abs();
        return distance.pow(new Scalar(beta)).neg().add(new Scalar(1)).sum();
    }

    long size() {
        return rounding.numel();
    }
}
