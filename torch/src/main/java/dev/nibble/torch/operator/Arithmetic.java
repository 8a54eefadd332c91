package dev.nibble.torch.operator;

import static java.util.Map.entry;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Operators that compute number by number, and products of matrices. */
final class Arithmetic {
    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("Abs", each(torch::abs)),
                    entry("Acos", each(torch::acos)),
                    entry("Acosh", each(torch::acosh)),
                    entry("Add", pair(torch::add)),
                    entry("Asin", each(torch::asin)),
                    entry("Asinh", each(torch::asinh)),
                    entry("Atan", each(torch::atan)),
                    entry("Atanh", each(torch::atanh)),
                    entry("Ceil", each(torch::ceil)),
                    entry("Clip", Operator.of(Arithmetic::clip)),
                    entry("Cos", each(torch::cos)),
                    entry("Cosh", each(torch::cosh)),
                    entry("Div", pair(Arithmetic::div)),
                    entry("Einsum", Operator.learning(Set.of(0, 1), Arithmetic::einsum)),
                    entry("Erf", each(torch::erf)),
                    entry("Exp", each(torch::exp)),
                    entry("Floor", each(torch::floor)),
                    entry("Gemm", Operator.learning(Set.of(1, 2), Arithmetic::gemm)),
                    entry("Log", each(torch::log)),
                    entry("MatMul", Operator.learning(Set.of(1), two(torch::matmul))),
                    entry("Max", all(torch::maximum)),
                    entry("Mean", Operator.of(Arithmetic::mean)),
                    entry("Min", all(torch::minimum)),
                    entry("Mod", Operator.of(Arithmetic::mod)),
                    entry("Mul", pair(torch::mul)),
                    entry("Neg", each(torch::neg)),
                    entry("Pow", pair(Arithmetic::pow)),
                    entry("Reciprocal", each(torch::reciprocal)),
                    entry("Round", each(torch::round)),
                    entry("Sign", each(torch::sign)),
                    entry("Sin", each(torch::sin)),
                    entry("Sinh", each(torch::sinh)),
                    entry("Sqrt", each(torch::sqrt)),
                    entry("Sub", pair(torch::sub)),
                    entry("Sum", all(torch::add)),
                    entry("Tan", each(torch::tan)));

    private Arithmetic() {}

    static Operator each(UnaryOperator<Tensor> function) {
        return Operator.of(call -> function.apply(call.input(0)));
    }

    static Operator pair(BinaryOperator<Tensor> function) {
        return Operator.of(two(function));
    }

    private static Function<Call, Tensor> two(BinaryOperator<Tensor> function) {
        return call -> function.apply(call.input(0), call.input(1));
    }

    private static Operator all(BinaryOperator<Tensor> function) {
        return Operator.of(call -> folded(call, function));
    }

    private static Tensor folded(Call call, BinaryOperator<Tensor> function) {
        Tensor result = call.input(0);
        for (int i = 1; i < call.node().inputs().size(); i++) {
            result = function.apply(result, call.input(i));
        }
        return result;
    }

    private static Tensor mean(Call call) {
        return torch.div(
                folded(call, torch::add), new Scalar((double) call.node().inputs().size()));
    }

    private static Tensor clip(Call call) {
        return torch.clamp(call.input(0), bound(call, "min", 1), bound(call, "max", 2));
    }

    private static ScalarOptional bound(Call call, String attribute, int index) {
        if (!call.has(index) && call.node().number(attribute).isEmpty()) {
            return new ScalarOptional();
        }
        boolean whole = !call.input(0).is_floating_point();
        return new ScalarOptional(
                whole && call.has(index)
                        ? new Scalar(call.input(index).item_long())
                        : new Scalar(call.number(attribute, index, 0)));
    }

    /** Whole numbers are divided towards zero. */
    private static Tensor div(Tensor dividend, Tensor divisor) {
        return dividend.is_floating_point()
                ? torch.div(dividend, divisor)
                : torch.div(dividend, divisor, new StringViewOptional(new BytePointer("trunc")));
    }

    private static Tensor mod(Call call) {
        return call.node().integer("fmod", 0) != 0
                ? torch.fmod(call.input(0), call.input(1))
                : torch.remainder(call.input(0), call.input(1));
    }

    /** The result is of the type of the base. */
    private static Tensor pow(Tensor base, Tensor exponent) {
        // a number by itself is computed, and differentiated, with less work
        Tensor power =
                exponent.numel() == 1 && exponent.dim() <= base.dim() && base.is_floating_point()
                        ? torch.pow(base, new Scalar(exponent.item_double()))
                        : torch.pow(base, exponent);
        return power.toType(base.scalar_type());
    }

    private static Tensor einsum(Call call) {
        return torch.einsum(
                call.node().text("equation").orElseThrow(), new TensorVector(call.everyInput()));
    }

    private static Tensor gemm(Call call) {
        Tensor left = call.flag("transA", false) ? call.input(0).t() : call.input(0);
        Tensor matrix = call.flag("transB", false) ? call.input(1) : call.input(1).t();
        double alpha = call.node().number("alpha").orElse(1);
        double beta = call.node().number("beta").orElse(1);
        if (alpha == 1 && beta == 1 && (!call.has(2) || call.input(2).dim() == 1)) {
            return torch.linear(left, matrix, call.optional(2));
        }
        Tensor product = scaled(torch.linear(left, matrix, new TensorOptional()), alpha);
        return call.has(2) ? torch.add(product, scaled(call.input(2), beta)) : product;
    }

    private static Tensor scaled(Tensor tensor, double factor) {
        return factor == 1 ? tensor : torch.mul(tensor, new Scalar(factor));
    }
}
