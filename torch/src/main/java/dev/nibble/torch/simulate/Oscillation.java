package dev.nibble.torch.simulate;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Map;

/**
 * Watches the codes of a weight while it learns, and freezes those that swing between two (Nagel et
 * al. 2022, arXiv 2203.11086, algorithm 1).
 */
final class Oscillation {
    /** How slowly the frequency and the mean code follow. */
    private static final double MOMENTUM = 0.01;

    private final Tensor before;
    private final Tensor direction;
    private final Tensor frequency;
    private final Tensor meanCode;
    private final Tensor frozen;

    Oscillation(Tensor codes) {
        this.before = codes.detach().clone();
        this.direction = torch.zeros_like(codes);
        this.frequency = torch.zeros_like(codes);
        this.meanCode = codes.detach().clone();
        this.frozen = torch.zeros_like(codes);
    }

    /**
     * Looks at the codes after a step.
     *
     * @param threshold of the frequency, above which a weight is frozen
     * @return the codes as they are to be: those of frozen weights are theirs for good
     */
    Tensor codes(Tensor codes, double threshold) {
        try (NoGradGuard _ = new NoGradGuard()) {
            Tensor change = torch.sign(codes.sub(before));
            Tensor changed = change.abs();
            Tensor back =
                    changed.mul(torch.lt(change.mul(direction), zero()).toType(ScalarType.Float));
            frequency.copy_(mixed(frequency, back));
            direction.copy_(torch.where(torch.gt(changed, zero()), change, direction));
            meanCode.copy_(mixed(meanCode, codes));
            Tensor swinging = torch.gt(frequency, new Scalar(threshold)).toType(ScalarType.Float);
            frozen.copy_(torch.max(frozen, swinging));
            Tensor held = torch.where(torch.gt(frozen, zero()), torch.round(meanCode), codes);
            before.copy_(held);
            return held;
        }
    }

    /** 1 for each weight that is frozen, else 0. */
    Tensor frozen() {
        return frozen;
    }

    private static Scalar zero() {
        return new Scalar(0.0);
    }

    private static Tensor mixed(Tensor old, Tensor now) {
        return old.mul(new Scalar(1 - MOMENTUM)).add(now.mul(new Scalar(MOMENTUM)));
    }

    void state(String name, Map<String, Tensor> into) {
        into.put("before " + name, before);
        into.put("direction " + name, direction);
        into.put("frequency " + name, frequency);
        into.put("mean code " + name, meanCode);
        into.put("frozen " + name, frozen);
    }
}
