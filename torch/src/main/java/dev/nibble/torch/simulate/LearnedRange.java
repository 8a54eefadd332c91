package dev.nibble.torch.simulate;

import dev.nibble.kernel.Affine;
import dev.nibble.number.Encoding;
import dev.nibble.torch.simulate.ActivationRounding.Gradients;
import dev.nibble.train.TrainingSettings.Ranges;

import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The codes of an activation. Their scale is {@code begin · e^p}, and p is learned: a step then
 * changes large scales and small ones alike (Jain et al. 2020, arXiv 1903.08066).
 */
final class LearnedRange {
    private final Encoding begin;
    private final boolean clipping;
    private final Tensor exponent;
    private final Tensor shift;
    private final Tensor zeroPoint;
    private final boolean shifting;

    /** Of the run that is going on. */
    private final List<ActivationRounding> roundings = new ArrayList<>();

    LearnedRange(Encoding begin, Ranges ranges) {
        this.begin = begin;
        boolean learns = ranges != Ranges.FIXED;
        boolean atTheEnd =
                begin.zeroPoint(0) == begin.format().min()
                        || begin.zeroPoint(0) == begin.format().max();
        this.clipping = ranges == Ranges.CLIPPING && begin.zeroPoint(0) == begin.format().min();
        // a range that begins at 0 is that of a ReLU, and stays one
        this.shifting = learns && !clipping && !begin.scheme().symmetric() && !atTheEnd;
        this.exponent = torch.zeros(1).requires_grad_(learns);
        this.shift = torch.zeros(1).requires_grad_(shifting);
        this.zeroPoint = Tensor.create(new float[] {begin.zeroPoint(0)}, 1);
    }

    Tensor apply(Tensor values) {
        boolean learns = exponent.requires_grad() && GradMode.is_enabled();
        ActivationRounding rounding = new ActivationRounding(values, now(), learns);
        Tensor result = rounding.result();
        if (learns) {
            roundings.add(rounding);
        } else {
            rounding.close();
        }
        return result;
    }

    /** Forgets the last run, whether it went backwards or not. */
    void forget() {
        roundings.forEach(ActivationRounding::close);
        roundings.clear();
    }

    /**
     * What a run backwards told, as something whose own gradients are those of the range; empty if
     * nothing was rounded since the last time.
     */
    Optional<Tensor> told() {
        Gradients sum =
                roundings.stream()
                        .map(ActivationRounding::gradients)
                        .reduce(Gradients.NONE, Gradients::plus);
        boolean any = !roundings.isEmpty();
        forget();
        return any ? Optional.of(told(sum, now())) : Optional.empty();
    }

    private Tensor told(Gradients sum, Affine map) {
        double low = map.low() - map.zeroPoint();
        double high = map.high() - map.zeroPoint();
        double ofScale =
                clipping
                        ? high * sum.above()
                        : sum.inside() + low * sum.below() + high * sum.above();
        Tensor scale = scale().mul(new Scalar(ofScale));
        double ofZeroPoint = -map.scale() * (sum.below() + sum.above());
        return shifting ? scale.add(shifted().mul(new Scalar(ofZeroPoint))) : scale;
    }

    /** The width of a step, {@code [1]}. */
    Tensor scale() {
        return torch.exp(exponent).mul(new Scalar((double) begin.scale(0)));
    }

    /** The zero point; its steps are as large a part of all codes as those of the exponent are. */
    private Tensor shifted() {
        return shifting
                ? shift.mul(new Scalar((double) begin.format().steps())).add(zeroPoint)
                : zeroPoint;
    }

    void parameters(String name, Map<String, Tensor> into) {
        if (exponent.requires_grad()) {
            into.put("range " + name, exponent);
        }
        if (shifting) {
            into.put("offset " + name, shift);
        }
    }

    private Affine now() {
        float scale = (float) (begin.scale(0) * Math.exp(exponent.item_double()));
        int moved = (int) Math.rint(shifted().detach().item_double());
        int low = begin.format().min();
        int high = begin.format().max();
        return new Affine(
                Math.max(scale, Float.MIN_NORMAL), Math.clamp(moved, low, high), low, high);
    }

    /** What was learned. */
    Encoding encoding() {
        Affine now = now();
        return Encoding.ofScale(begin.scheme(), now.scale(), now.zeroPoint());
    }
}
