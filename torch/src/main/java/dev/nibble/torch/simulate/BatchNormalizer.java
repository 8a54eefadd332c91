package dev.nibble.torch.simulate;

import dev.nibble.torch.operator.TorchTensors;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Batch normalization put behind a convolution while it learns: {@code γ · (y − μ)/√(σ² + ε) + β}.
 *
 * <p>y is made by latent weights, on codes or not. Folded back, every channel's weights and the
 * scale of their codes are multiplied by {@code γ/√(σ² + ε)}, so that the codes stay what they are.
 */
final class BatchNormalizer {
    private static final double EPSILON = 1e-5;
    private static final double TAKEN = 0.1;

    private final float[] gains;
    private final float[] biases;
    private final Tensor gamma;
    private final Tensor beta;
    private final Tensor mean;
    private final Tensor variance;
    private final Tensor nothing;
    private boolean begun;
    private long estimated = -1;

    /**
     * A normalization that begins by changing nothing.
     *
     * @param gains of the weights in front, one for each channel
     * @param biases what the convolution adds, one for each channel
     */
    BatchNormalizer(float[] gains, float[] biases) {
        this.gains = gains.clone();
        this.biases = biases.clone();
        this.gamma = torch.ones(gains.length).requires_grad_(true);
        this.beta = torch.zeros(gains.length).requires_grad_(true);
        this.mean = torch.zeros(gains.length);
        this.variance = torch.ones(gains.length);
        this.nothing = torch.zeros(gains.length);
    }

    /**
     * Values normalized by running statistics, as the convolution does it that this is folded into.
     *
     * @param steps in which that convolution counts: what it adds is a whole number of them. For
     *     weights in latent units, one for each channel or for all; empty for one that counts in
     *     floats
     */
    Tensor folded(Tensor values, Optional<Tensor> steps) {
        if (!begun) {
            begin(values);
        }
        Tensor factors = gamma.div(variance.add(new Scalar(EPSILON)).sqrt());
        Tensor exact = beta.sub(factors.mul(mean));
        Tensor added =
                steps.map(
                                one -> {
                                    Tensor unit = one.mul(factors.abs());
                                    Tensor counted = torch.round(exact.div(unit)).mul(unit);
                                    return torch.where(
                                            torch.gt(unit, new Scalar(0.0)), counted, exact);
                                })
                        .orElse(exact);
        return values.mul(spread(factors, values)).add(spread(added, values));
    }

    /** One number for each channel, so that it meets the channels of values. */
    private static Tensor spread(Tensor channels, Tensor values) {
        long[] dims = new long[(int) values.dim()];
        Arrays.fill(dims, 1);
        dims[1] = channels.numel();
        return channels.reshape(dims);
    }

    /** Values normalized by the statistics of the batch; running ones follow. */
    Tensor apply(Tensor values) {
        if (!begun) {
            begin(values);
        }
        double taken = estimated >= 0 ? 1.0 / ++estimated : TAKEN;
        return torch.batch_norm(
                values,
                new TensorOptional(gamma),
                new TensorOptional(beta),
                new TensorOptional(mean),
                new TensorOptional(variance),
                true,
                taken,
                EPSILON,
                false);
    }

    /** Takes the statistics of the first values, and undoes what normalizing by them does. */
    private void begin(Tensor values) {
        try (NoGradGuard _ = new NoGradGuard()) {
            long[] others =
                    IntStream.range(0, (int) values.dim())
                            .filter(axis -> axis != 1)
                            .asLongStream()
                            .toArray();
            T_TensorTensor_T found = torch.var_mean(values, others, false, false);
            variance.copy_(found.get0());
            mean.copy_(found.get1());
            Tensor gain = Tensor.create(gains, gains.length);
            Tensor bias = Tensor.create(biases, biases.length);
            gamma.copy_(gain.mul(variance.add(new Scalar(EPSILON)).sqrt()));
            beta.copy_(bias.add(gain.mul(mean)));
        }
        begun = true;
    }

    /** The bias of the convolution in front: normalization adds its own. */
    Tensor nothing() {
        return nothing;
    }

    /** From now on running statistics are the means over all batches that are seen. */
    void estimate() {
        estimated = 0;
    }

    /** From now on running statistics follow the last batches again. */
    void follow() {
        estimated = -1;
    }

    void parameters(String name, Map<String, Tensor> into) {
        into.put("gamma " + name, gamma);
        into.put("beta " + name, beta);
    }

    void statistics(String name, Map<String, Tensor> into) {
        into.put("mean " + name, mean);
        into.put("variance " + name, variance);
    }

    /** Marks statistics and parameters that were put in from outside as the ones to go on with. */
    void resume() {
        begun = true;
    }

    /** By what weights in latent units are multiplied, and what is added. */
    Folded folded() {
        float[] slope = TorchTensors.fromTorch(gamma.detach()).floats();
        float[] offset = TorchTensors.fromTorch(beta.detach()).floats();
        float[] mu = TorchTensors.fromTorch(mean).floats();
        float[] square = TorchTensors.fromTorch(variance).floats();
        float[] factors = new float[slope.length];
        float[] added = new float[slope.length];
        for (int i = 0; i < factors.length; i++) {
            double factor = slope[i] / Math.sqrt(square[i] + EPSILON);
            factors[i] = (float) factor;
            added[i] = (float) (offset[i] - factor * mu[i]);
        }
        return new Folded(factors, added);
    }

    /** What a normalization becomes in the convolution in front of it. */
    record Folded(float[] factors, float[] biases) {}
}
