package dev.nibble.torch.operator;

import static dev.nibble.torch.operator.Arithmetic.each;
import static dev.nibble.torch.operator.Arithmetic.pair;

import static java.util.Map.entry;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Map;

/** Operators that compare, and those that compute with truth. */
final class Comparisons {
    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("And", pair(torch::logical_and)),
                    entry("Equal", pair(torch::eq)),
                    entry("Greater", pair(torch::gt)),
                    entry("GreaterOrEqual", pair(torch::ge)),
                    entry("IsInf", Operator.of(Comparisons::isInf)),
                    entry("IsNaN", each(torch::isnan)),
                    entry("Less", pair(torch::lt)),
                    entry("LessOrEqual", pair(torch::le)),
                    entry("Not", each(torch::logical_not)),
                    entry("Or", pair(torch::logical_or)),
                    entry("Where", Operator.of(Comparisons::where)),
                    entry("Xor", pair(torch::logical_xor)));

    private Comparisons() {}

    private static Tensor isInf(Call call) {
        Tensor input = call.input(0);
        Tensor found = torch.isinf(input);
        if (!call.flag("detect_positive", true)) {
            found = torch.logical_and(found, input.lt(new Scalar(0.0)));
        }
        if (!call.flag("detect_negative", true)) {
            found = torch.logical_and(found, input.gt(new Scalar(0.0)));
        }
        return found;
    }

    private static Tensor where(Call call) {
        return torch.where(call.input(0), call.input(1), call.input(2));
    }
}
