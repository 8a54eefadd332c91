package dev.nibble.torch.simulate;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.Quantizer;
import dev.nibble.plan.WeightOperand;
import dev.nibble.tensor.Shape;
import dev.nibble.torch.operator.TorchTensors;
import dev.nibble.train.TrainingSettings.Ranges;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A weight on its way: {@code gain · latent}, or {@code gain · round(latent)} where it has codes.
 * The gain of an output channel is chosen once, so that latent weights have the size that networks
 * begin with; only the latent weights and the scales of their codes learn.
 */
final class LearnedWeight {
    private static final double HE = 2;
    private static final double HALF = 0.5;
    private static final double UNIFORM = 1.8;

    private final Shape shape;
    private final int outputAxis;
    private final float[] gains;
    private final Tensor gain;
    private final Tensor latent;
    private final Optional<Encoding> begin;

    /** In latent units. */
    private final Tensor scales;

    private final Tensor exponent;
    private @Nullable Oscillation oscillation;

    /**
     * A weight that begins as it is.
     *
     * @param encoding of its codes; empty for a weight that stays float
     */
    LearnedWeight(
            WeightOperand operand,
            dev.nibble.tensor.Tensor value,
            Optional<Encoding> encoding,
            Ranges ranges) {
        this.shape = value.shape();
        this.outputAxis = shape.normalize(operand.outputAxis());
        this.begin = encoding;
        boolean oneScale = encoding.filter(e -> e.granularity() instanceof PerTensor).isPresent();
        Tensor whole = TorchTensors.toTorch(value);
        this.gain = gain(whole, oneScale);
        this.gains = TorchTensors.fromTorch(gain).floats();
        this.latent = whole.div(gain).requires_grad_(true);
        this.scales = encoding.map(this::scales).orElseGet(() -> torch.ones(1));
        long groups = encoding.map(Encoding::groups).orElse(1);
        this.exponent =
                torch.zeros(groups).requires_grad_(encoding.isPresent() && ranges != Ranges.FIXED);
    }

    /** Of each output channel, or one for all; 1 where there are only zeros. */
    private Tensor gain(Tensor whole, boolean one) {
        long channels = Math.max(1, shape.dim(outputAxis));
        double wanted = Math.sqrt(HE * channels / Math.max(1, whole.numel()));
        long[] others = new long[one ? shape.rank() : shape.rank() - 1];
        for (int axis = 0, at = 0; axis < shape.rank(); axis++) {
            if (one || axis != outputAxis) {
                others[at++] = axis;
            }
        }
        Tensor size =
                torch.mean(whole.square(), others, true, new ScalarTypeOptional())
                        .sqrt()
                        .div(new Scalar(wanted));
        return torch.where(torch.gt(size, new Scalar(0.0)), size, torch.ones_like(size));
    }

    private Tensor scales(Encoding encoding) {
        float[] numbers = encoding.scales();
        Tensor groups = Tensor.create(numbers, encoding.scaleShape().dims());
        return switch (encoding.granularity()) {
            case PerTensor _ -> groups.reshape(1).div(gain.reshape(1));
            case PerAxis(int axis) ->
                    shape.normalize(axis) == outputAxis
                            ? groups.reshape(-1).div(gain.reshape(-1))
                            : groups.reshape(-1);
            case PerBlock(int axis, int blockSize) -> {
                int at = shape.normalize(axis);
                Tensor spread =
                        torch.repeat_interleave(
                                groups, blockSize, new LongOptional(at), new LongOptional());
                yield spread.narrow(at, 0, shape.dim(at)).div(gain);
            }
        };
    }

    /** The weight in latent units, on codes if it has any. */
    Tensor unscaled() {
        return begin.map(this::rounded).orElse(latent);
    }

    /** The weight, on codes if it has any. */
    Tensor value() {
        return unscaled().mul(gain);
    }

    private Tensor rounded(Encoding encoding) {
        int low = encoding.format().min() - encoding.zeroPoint(0);
        int high = encoding.format().max() - encoding.zeroPoint(0);
        return switch (encoding.granularity()) {
            case PerTensor _ ->
                    Rounding.perTensor(latent, learnedScales(), torch.zeros(1), low, high);
            case PerAxis(int axis) ->
                    Rounding.perAxis(
                            latent,
                            learnedScales(),
                            torch.zeros(encoding.groups()),
                            shape.normalize(axis),
                            low,
                            high);
            case PerBlock _ -> Rounding.perElement(latent, steps(encoding), low, high);
        };
    }

    private Tensor learnedScales() {
        return torch.exp(exponent).mul(scales);
    }

    /** The width of a step in latent units, spread so that it meets the elements; learned. */
    private Tensor steps(Encoding encoding) {
        return switch (encoding.granularity()) {
            case PerTensor _ -> learnedScales();
            case PerAxis(int axis) -> {
                long[] dims = new long[shape.rank()];
                Arrays.fill(dims, 1);
                dims[shape.normalize(axis)] = encoding.groups();
                yield learnedScales().reshape(dims);
            }
            case PerBlock(int axis, int blockSize) -> {
                int at = shape.normalize(axis);
                Tensor spread =
                        torch.repeat_interleave(
                                torch.exp(exponent).reshape(encoding.scaleShape().dims()),
                                blockSize,
                                new LongOptional(at),
                                new LongOptional());
                yield spread.narrow(at, 0, shape.dim(at)).mul(scales);
            }
        };
    }

    /**
     * The width of a step of each output channel in latent units, or of all, if the codes have one
     * for a whole channel: the accumulators of integer kernels count in them.
     */
    Optional<Tensor> channelSteps() {
        return begin.filter(encoding ->
                        switch (encoding.granularity()) {
                            case PerTensor _ -> true;
                            case PerAxis(int axis) -> shape.normalize(axis) == outputAxis;
                            case PerBlock _ -> false;
                        })
                .map(_ -> learnedScales().detach());
    }

    /** The gain of each output channel, or of all. */
    Tensor gain() {
        return gain.reshape(-1);
    }

    /** How far weights are from their codes, in steps, squared; those beyond the range are not. */
    Optional<Tensor> offGrid() {
        return begin.map(encoding -> {
            Tensor distance =
                    latent.sub(unscaled().detach()).div(steps(encoding).detach()).square();
            Tensor inside = torch.le(distance, new Scalar(HALF * HALF));
            return distance.mul(inside.toType(ScalarType.Float)).mean();
        });
    }

    /** How far the distribution of weights is from a uniform one, whose kurtosis is 1.8. */
    Tensor peakedness() {
        Tensor centered = latent.sub(latent.mean());
        Tensor square = centered.square();
        Tensor kurtosis = square.square().mean().div(square.mean().square());
        return kurtosis.sub(new Scalar(UNIFORM)).square();
    }

    /** Looks for weights that swing between two codes, and freezes them. */
    void settle(double threshold) {
        begin.ifPresent(encoding -> {
            try (NoGradGuard _ = new NoGradGuard()) {
                Tensor width = steps(encoding);
                Tensor codes = torch.round(unscaled().div(width));
                Oscillation watching = watched(codes);
                Tensor held = watching.codes(codes, threshold);
                Tensor isFrozen = torch.gt(watching.frozen(), new Scalar(0.0));
                latent.copy_(torch.where(isFrozen, held.mul(width), latent));
            }
        });
    }

    private Oscillation watched(Tensor codes) {
        if (oscillation == null) {
            oscillation = new Oscillation(codes);
        }
        return oscillation;
    }

    /** Begins to watch the codes. */
    void watch() {
        begin.ifPresent(encoding -> {
            try (NoGradGuard _ = new NoGradGuard()) {
                watched(torch.round(unscaled().div(steps(encoding))));
            }
        });
    }

    void watching(String name, Map<String, Tensor> into) {
        if (oscillation != null) {
            oscillation.state(name, into);
        }
    }

    /** One for each output channel, or a single one. */
    float[] gains() {
        return gains.clone();
    }

    Tensor latent() {
        return latent;
    }

    void parameters(String name, Map<String, Tensor> weights, Map<String, Tensor> ranges) {
        weights.put("weight " + name, latent);
        if (exponent.requires_grad()) {
            ranges.put("scale " + name, exponent);
        }
    }

    /**
     * What was learned, with every output channel multiplied by a factor: the weight, exactly on
     * the grid if it has one, and its encoding.
     *
     * @param factors of each output channel, in place of the gains
     */
    Learned learned(float[] factors) {
        float[] values = TorchTensors.fromTorch(latent.detach()).floats();
        multiply(values, factors);
        dev.nibble.tensor.Tensor whole = dev.nibble.tensor.Tensor.ofFloats(shape, values);
        return begin.map(
                        encoding -> {
                            Encoding found = encoding(encoding, factors);
                            return new Learned(
                                    Quantizer.fakeQuantize(whole, found), Optional.of(found));
                        })
                .orElseGet(() -> new Learned(whole, Optional.empty()));
    }

    private void multiply(float[] values, float[] factors) {
        int inner = 1;
        for (int axis = outputAxis + 1; axis < shape.rank(); axis++) {
            inner *= (int) shape.dim(axis);
        }
        int channels = (int) shape.dim(outputAxis);
        for (int i = 0; i < values.length; i++) {
            values[i] *= factors[factors.length == 1 ? 0 : i / inner % channels];
        }
    }

    private Encoding encoding(Encoding encoding, float[] factors) {
        float[] exponents = TorchTensors.fromTorch(exponent.detach()).floats();
        float[] before = encoding.scales();
        float[] after = new float[before.length];
        for (int group = 0; group < after.length; group++) {
            int channel = channel(encoding, group, factors.length);
            double change = Math.abs(factors[channel] / gains[gains.length == 1 ? 0 : channel]);
            double scale = before[group] * Math.exp(exponents[group]) * change;
            after[group] = (float) Math.max(scale, Float.MIN_NORMAL);
        }
        int[] zeroPoints = encoding.zeroPoints();
        return new Encoding(encoding.scheme(), encoding.scaleShape(), after, zeroPoints);
    }

    /** The output channel of a group of codes. */
    private int channel(Encoding encoding, int group, int channels) {
        if (channels == 1) {
            return 0;
        }
        long[] dims = encoding.scaleShape().dims();
        return switch (encoding.granularity()) {
            case PerTensor _ -> 0;
            case PerAxis _ -> group;
            case PerBlock _ -> {
                long inner = Arrays.stream(dims).skip(outputAxis + 1L).reduce(1, (a, b) -> a * b);
                yield (int) (group / inner % dims[outputAxis]);
            }
        };
    }

    /** A weight, and the encoding on whose grid it lies. */
    record Learned(dev.nibble.tensor.Tensor weight, Optional<Encoding> encoding) {}
}
