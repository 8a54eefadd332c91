package dev.nibble.torch.simulate;

import dev.nibble.kernel.Affine;
import dev.nibble.kernel.Kernels;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * One rounding of a whole activation to codes and back, as ONNX Runtime does it: the same kernel
 * that quantizes constants. libtorch clips, and lets gradients of values pass inside of the range;
 * the codes are put in the clipped values, and the gradients of the range are summed in one pass
 * once libtorch has been through the network backwards.
 */
final class ActivationRounding implements AutoCloseable {
    private static final int CHUNK = 4096;
    private static final Kernels KERNELS = Kernels.best();

    private final Affine map;
    private final MemoryFormat layout;
    private final Tensor values;
    private final Tensor result;

    /**
     * Rounds.
     *
     * @param learns whether the gradients of the range will be wanted
     */
    ActivationRounding(Tensor values, Affine map, boolean learns) {
        this.map = map;
        this.layout =
                values.dim() == 4 && values.is_contiguous(MemoryFormat.ChannelsLast)
                        ? MemoryFormat.ChannelsLast
                        : MemoryFormat.Contiguous;
        this.values = kept(values.contiguous(layout));
        float lower = map.scale() * (map.low() - map.zeroPoint());
        float upper = map.scale() * (map.high() - map.zeroPoint());
        this.result = kept(torch.hardtanh(this.values, new Scalar(lower), new Scalar(upper)));
        round();
        if (learns) {
            if (result.requires_grad()) {
                result.retain_grad();
            } else {
                result.requires_grad_(true);
            }
        }
    }

    /** A handle that outlives the scope of the node that makes the tensor. */
    private static Tensor kept(Tensor tensor) {
        Tensor handle = new Tensor(tensor);
        handle.retainReference();
        return handle;
    }

    /** What was made of the values; for whoever outlives this. */
    Tensor result() {
        return new Tensor(result);
    }

    /** Behind libtorch's back: clipping remembers what it got, not what it gave. */
    private void round() {
        FloatPointer at = new FloatPointer(result.data_ptr());
        float[] chunk = new float[CHUNK];
        long all = result.numel();
        for (long i = 0; i < all; i += CHUNK) {
            int count = (int) Math.min(CHUNK, all - i);
            at.position(i).get(chunk, 0, count);
            KERNELS.fakeQuantize(chunk, 0, chunk, 0, count, map);
            at.position(i).put(chunk, 0, count);
        }
    }

    /** What the range does to the loss, after a run backwards. */
    Gradients gradients() {
        Tensor arriving = result.grad();
        if (!arriving.defined()) {
            return Gradients.NONE;
        }
        FloatPointer atValue = new FloatPointer(values.data_ptr());
        FloatPointer atGradient = new FloatPointer(arriving.contiguous(layout).data_ptr());
        float[] chunk = new float[CHUNK];
        float[] gradient = new float[CHUNK];
        Gradients sum = Gradients.NONE;
        long all = values.numel();
        for (long i = 0; i < all; i += CHUNK) {
            int count = (int) Math.min(CHUNK, all - i);
            atValue.position(i).get(chunk, 0, count);
            atGradient.position(i).get(gradient, 0, count);
            float[] sums = new float[3 * Kernels.SUMS];
            KERNELS.sumRoundingGradients(chunk, gradient, count, map, sums);
            sum = sum.plus(Gradients.of(sums));
        }
        return sum;
    }

    @Override
    public void close() {
        values.close();
        result.close();
    }

    /**
     * Sums over elements.
     *
     * @param inside of gradient times (round(x/s) − x/s), where values are inside of the range
     * @param below of the gradients of those that take the lowest code
     * @param above of the gradients of those that take the highest one
     */
    record Gradients(double inside, double below, double above) {
        static final Gradients NONE = new Gradients(0, 0, 0);

        private static Gradients of(float[] sums) {
            double[] all = new double[3];
            for (int i = 0; i < sums.length; i++) {
                all[i / Kernels.SUMS] += sums[i];
            }
            return new Gradients(all[0], all[1], all[2]);
        }

        Gradients plus(Gradients other) {
            return new Gradients(inside + other.inside, below + other.below, above + other.above);
        }
    }
}
