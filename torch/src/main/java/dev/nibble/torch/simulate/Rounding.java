package dev.nibble.torch.simulate;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Rounding of weights to codes and back, with gradients: those of values pass where they are inside
 * the range, and those of a scale are {@code round(x/s) − x/s} inside and the last code outside
 * (Esser et al. 2020, arXiv 1902.08153, equation 3).
 *
 * <p>libtorch's kernels multiply by 1/scale where ONNX divides: values within a float's rounding of
 * the middle between two codes may get the other one.
 */
final class Rounding {
    private static final OperatorHandle PER_TENSOR =
            handle("aten::_fake_quantize_learnable_per_tensor_affine");
    private static final OperatorHandle PER_CHANNEL =
            handle("aten::_fake_quantize_learnable_per_channel_affine");
    private static final double WHOLE_GRADIENT = 1;

    private Rounding() {}

    private static OperatorHandle handle(String name) {
        OperatorHandle handle = Dispatcher.singleton().findSchemaOrThrow(name, "");
        // outlives the scope in which this class happens to be loaded
        handle.retainReference();
        return handle;
    }

    /**
     * One scale for all.
     *
     * @param scale {@code [1]}
     * @param zeroPoint {@code [1]}, rounded where it is used
     */
    static Tensor perTensor(Tensor values, Tensor scale, Tensor zeroPoint, int low, int high) {
        return call(
                PER_TENSOR,
                new IValue(values),
                new IValue(scale),
                new IValue(zeroPoint),
                new IValue((long) low),
                new IValue((long) high),
                new IValue(WHOLE_GRADIENT));
    }

    /** A scale for each index along an axis. */
    static Tensor perAxis(
            Tensor values, Tensor scales, Tensor zeroPoints, int axis, int low, int high) {
        return call(
                PER_CHANNEL,
                new IValue(values),
                new IValue(scales),
                new IValue(zeroPoints),
                new IValue((long) axis),
                new IValue((long) low),
                new IValue((long) high),
                new IValue(WHOLE_GRADIENT));
    }

    /** A scale for each element, of the same shape as the values or one that spreads to it. */
    static Tensor perElement(Tensor values, Tensor scales, int low, int high) {
        Tensor inside =
                values.div(scales)
                        .clamp(
                                new ScalarOptional(new Scalar((double) low)),
                                new ScalarOptional(new Scalar((double) high)));
        return inside.add(torch.round(inside).sub(inside).detach()).mul(scales);
    }

    private static Tensor call(OperatorHandle operator, IValue... arguments) {
        IValueVector stack = new IValueVector(arguments);
        Dispatcher.singleton().callBoxed(operator, stack);
        return stack.get(0).toTensor();
    }
}
