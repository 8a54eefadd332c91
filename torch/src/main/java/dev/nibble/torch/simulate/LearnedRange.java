package dev.nibble.torch.simulate;

import dev.nibble.number.Encoding;
import dev.nibble.train.TrainingSettings.Ranges;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Map;

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
        int low = begin.format().min();
        int high = begin.format().max();
        Tensor scale = scale();
        if (clipping) {
            Tensor end = scale.mul(new Scalar((double) (high - low)));
            return Rounding.perTensor(
                    torch.minimum(values, end), scale.detach(), zeroPoint, low, high);
        }
        return Rounding.perTensor(values, scale, shifted(), low, high);
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

    /** What was learned. */
    Encoding encoding() {
        float scale = (float) (begin.scale(0) * Math.exp(exponent.item_double()));
        int moved = (int) Math.rint(shifted().detach().item_double());
        int zero = Math.clamp(moved, begin.format().min(), begin.format().max());
        return Encoding.ofScale(begin.scheme(), Math.max(scale, Float.MIN_NORMAL), zero);
    }
}
