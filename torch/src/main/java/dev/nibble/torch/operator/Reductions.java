package dev.nibble.torch.operator;

import static java.util.Map.entry;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that make one number of many, and those that look for places along an axis. */
final class Reductions {
    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("ArgMax", Operator.of(call -> argument(call, call.input(0)))),
                    entry("ArgMin", Operator.of(call -> argument(call, call.input(0).neg()))),
                    entry("CumSum", Operator.of(Reductions::cumSum)),
                    entry("ReduceL1", reduction((x, axes, keep) -> sum(x.abs(), axes, keep))),
                    entry("ReduceL2", reduction(Reductions::length)),
                    entry("ReduceLogSum", reduction((x, axes, keep) -> sum(x, axes, keep).log())),
                    entry("ReduceLogSumExp", reduction(torch::logsumexp)),
                    entry("ReduceMax", reduction(torch::amax)),
                    entry("ReduceMean", reduction(Reductions::mean)),
                    entry("ReduceMin", reduction(torch::amin)),
                    entry("ReduceProd", reduction(Reductions::product)),
                    entry("ReduceSum", reduction(Reductions::sum)),
                    entry(
                            "ReduceSumSquare",
                            reduction((x, axes, keep) -> sum(x.mul(x), axes, keep))),
                    entry("TopK", Operator.several(Reductions::topK)));

    private Reductions() {}

    private interface Reduction {
        Tensor apply(Tensor input, long[] axes, boolean keep);
    }

    private static Operator reduction(Reduction reduction) {
        return Operator.of(call -> {
            Tensor input = call.input(0);
            long[] axes = call.longs("axes", 1).orElse(new long[0]);
            if (axes.length == 0 && call.flag("noop_with_empty_axes", false)) {
                return input;
            }
            return reduction.apply(
                    input,
                    axes.length == 0 ? Shapes.allAxes(input) : axes,
                    call.flag("keepdims", true));
        });
    }

    static Tensor sum(Tensor input, long[] axes, boolean keep) {
        return torch.sum(input, axes, keep, new ScalarTypeOptional());
    }

    static Tensor mean(Tensor input, long[] axes, boolean keep) {
        return torch.mean(input, axes, keep, new ScalarTypeOptional());
    }

    private static Tensor length(Tensor input, long[] axes, boolean keep) {
        return torch.norm(input, new ScalarOptional(new Scalar(2.0)), axes, keep);
    }

    private static Tensor product(Tensor input, long[] axes, boolean keep) {
        long[] last =
                Arrays.stream(axes).map(axis -> axis < 0 ? axis + input.dim() : axis).toArray();
        Arrays.sort(last);
        Tensor result = input;
        for (int i = last.length - 1; i >= 0; i--) {
            result = torch.prod(result, last[i], keep, new ScalarTypeOptional());
        }
        return result;
    }

    private static Tensor argument(Call call, Tensor input) {
        return argmax(
                input,
                call.node().integer("axis", 0),
                call.flag("keepdims", true),
                call.flag("select_last_index", false));
    }

    /** The first place of the largest number, or the last. */
    static Tensor argmax(Tensor input, long axis, boolean keep, boolean last) {
        Tensor from = last ? torch.flip(input, axis) : input;
        Tensor found = torch.argmax(from, new LongOptional(axis), keep);
        return last ? found.neg().add(new Scalar(input.size(axis) - 1)) : found;
    }

    private static Tensor cumSum(Call call) {
        long axis = call.input(1).item_long();
        boolean reverse = call.flag("reverse", false);
        Tensor input = reverse ? torch.flip(call.input(0), axis) : call.input(0);
        Tensor sums = torch.cumsum(input, axis, new ScalarTypeOptional(input.scalar_type()));
        Tensor result = call.flag("exclusive", false) ? sums.sub(input) : sums;
        return reverse ? torch.flip(result, axis) : result;
    }

    /** Of equal numbers the first come first. */
    private static List<Tensor> topK(Call call) {
        long axis = call.node().integer("axis", -1);
        long count = call.has(1) ? call.input(1).item_long() : call.node().integer("k", 1);
        T_TensorTensor_T sorted =
                torch.sort(call.input(0), new BoolOptional(true), axis, call.flag("largest", true));
        return List.of(sorted.get0().narrow(axis, 0, count), sorted.get1().narrow(axis, 0, count));
    }
}
