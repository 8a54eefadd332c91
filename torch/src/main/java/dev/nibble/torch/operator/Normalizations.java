package dev.nibble.torch.operator;

import static java.util.Map.entry;

import dev.nibble.graph.Node;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Operators that bring numbers to a common size. */
final class Normalizations {
    /** From this version on GroupNormalization scales each channel instead of each group. */
    private static final long SCALES_CHANNELS = 21;

    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry(
                            "BatchNormalization",
                            Operator.learning(Set.of(1, 2), Normalizations::batch)),
                    entry("Dropout", Operator.several(Normalizations::dropout)),
                    entry(
                            "GroupNormalization",
                            Operator.learning(Set.of(1, 2), Normalizations::group)),
                    entry(
                            "InstanceNormalization",
                            Operator.learning(Set.of(1, 2), Normalizations::instance)),
                    entry("LRN", Operator.of(Normalizations::localResponse)),
                    entry("LayerNormalization", new Operator(Set.of(1, 2), Normalizations::layer)),
                    entry("LpNormalization", Operator.of(Normalizations::length)),
                    entry("MeanVarianceNormalization", Operator.of(Normalizations::meanVariance)),
                    entry(
                            "RMSNormalization",
                            Operator.learning(Set.of(1), Normalizations::rootMeanSquare)));

    private Normalizations() {}

    /**
     * ONNX's momentum is what the running statistics keep, libtorch's what they take from the
     * batch.
     */
    private static Tensor batch(Call call) {
        double kept = call.node().number("momentum").orElse(0.9f);
        return torch.batch_norm(
                call.input(0),
                call.optional(1),
                call.optional(2),
                call.optional(3),
                call.optional(4),
                call.training(),
                1 - kept,
                epsilon(call),
                false);
    }

    private static double epsilon(Call call) {
        return call.node().number("epsilon").orElse(1e-5f);
    }

    /** The second output says what was kept. */
    private static List<Tensor> dropout(Call call) {
        Tensor input = call.input(0);
        boolean mask = !call.node().output(1).isEmpty();
        Tensor all = mask ? torch.ones_like(input).toType(ScalarType.Bool) : input;
        if (!call.training()) {
            return List.of(input, all);
        }
        double ratio = call.number("ratio", 1, 0.5);
        Tensor dropped = torch.dropout(torch.ones_like(input), ratio, true);
        Tensor kept = mask ? dropped.ne(new Scalar(0.0)) : all;
        return List.of(input.mul(dropped), kept);
    }

    private static Tensor group(Call call) {
        Tensor input = call.input(0);
        long groups = call.node().integer("num_groups").orElseThrow();
        long channels = input.size(1);
        Tensor normal =
                torch.group_norm(
                        input,
                        groups,
                        new TensorOptional(),
                        new TensorOptional(),
                        epsilon(call),
                        false);
        long repeats = call.opset() < SCALES_CHANNELS ? channels / groups : 1;
        return normal.mul(channelwise(call.input(1), repeats, input))
                .add(channelwise(call.input(2), repeats, input));
    }

    private static Tensor channelwise(Tensor values, long repeats, Tensor input) {
        long[] dims = new long[Math.toIntExact(input.dim())];
        Arrays.fill(dims, 1);
        dims[1] = input.size(1);
        return (repeats == 1 ? values : torch.repeat_interleave(values, repeats)).reshape(dims);
    }

    private static Tensor instance(Call call) {
        return torch.instance_norm(
                call.input(0),
                call.optional(1),
                call.optional(2),
                new TensorOptional(),
                new TensorOptional(),
                true,
                0,
                epsilon(call),
                false);
    }

    /** Sums over neighbouring channels. */
    private static Tensor localResponse(Call call) {
        Node node = call.node();
        Tensor input = call.input(0);
        long size = node.integer("size").orElseThrow();
        long[] pads = new long[2 * Math.toIntExact(input.dim() - 1)];
        pads[pads.length - 2] = (size - 1) / 2;
        pads[pads.length - 1] = size - 1 - (size - 1) / 2;
        Tensor squares = torch.constant_pad_nd(input.mul(input), pads, new Scalar(0.0));
        Tensor sums = squares.narrow(1, 0, input.size(1));
        for (long i = 1; i < size; i++) {
            sums = sums.add(squares.narrow(1, i, input.size(1)));
        }
        double alpha = node.number("alpha").orElse(1e-4f);
        Tensor size2 = sums.mul(new Scalar(alpha / size)).add(call.scalar("bias", 1));
        return input.div(size2.pow(call.scalar("beta", 0.75f)));
    }

    private static long[] fromAxis(Call call) {
        long rank = call.input(0).dim();
        long axis = call.node().integer("axis", -1);
        return LongStream.range(axis < 0 ? axis + rank : axis, rank).toArray();
    }

    private static List<Tensor> layer(Call call) {
        Tensor input = call.input(0);
        long[] axes = fromAxis(call);
        long[] dims = Arrays.stream(axes).map(input::size).toArray();
        Tensor scale = call.input(1);
        boolean plain =
                Arrays.equals(scale.shape(), dims)
                        && (!call.has(2) || Arrays.equals(call.input(2).shape(), dims))
                        && call.node().outputs().size() == 1;
        if (plain) {
            return List.of(
                    torch.layer_norm(
                            input, dims, call.optional(1), call.optional(2), epsilon(call), false));
        }
        Tensor mean = Reductions.mean(input, axes, true);
        Tensor centred = input.sub(mean);
        Tensor variance = Reductions.mean(centred.mul(centred), axes, true);
        Tensor inverse = torch.rsqrt(variance.add(new Scalar(epsilon(call))));
        Tensor scaled = centred.mul(inverse).mul(scale);
        return List.of(call.has(2) ? scaled.add(call.input(2)) : scaled, mean, inverse);
    }

    /** What has no length stays as it is. */
    private static Tensor length(Call call) {
        Tensor input = call.input(0);
        double p = call.node().integer("p", 2);
        long axis = call.node().integer("axis", -1);
        Tensor norm = torch.norm(input, new ScalarOptional(new Scalar(p)), new long[] {axis}, true);
        return input.div(torch.where(norm.eq(new Scalar(0.0)), new Scalar(1.0), norm));
    }

    private static Tensor meanVariance(Call call) {
        long[] axes = call.longs("axes", 0, 2, 3);
        Tensor centred = call.input(0).sub(Reductions.mean(call.input(0), axes, true));
        Tensor deviation = Reductions.mean(centred.mul(centred), axes, true).sqrt();
        return centred.div(deviation.add(new Scalar(1e-9)));
    }

    private static Tensor rootMeanSquare(Call call) {
        Tensor input = call.input(0);
        Tensor squares = Reductions.mean(input.mul(input), fromAxis(call), true);
        return input.mul(torch.rsqrt(squares.add(new Scalar(epsilon(call))))).mul(call.input(1));
    }
}
