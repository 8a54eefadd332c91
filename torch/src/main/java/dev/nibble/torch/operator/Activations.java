package dev.nibble.torch.operator;

import static dev.nibble.torch.operator.Arithmetic.each;

import static java.util.Map.entry;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Map;
import java.util.Set;

/** Activation functions. */
final class Activations {
    /** Up to this version Softmax sees a matrix: everything from its axis on is one row. */
    private static final long LAST_OF_ROWS = 12;

    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("Celu", Operator.of(Activations::celu)),
                    entry("Elu", Operator.of(Activations::elu)),
                    entry("Gelu", Operator.of(Activations::gelu)),
                    entry("HardSigmoid", Operator.of(Activations::hardSigmoid)),
                    entry("HardSwish", each(torch::hardswish)),
                    entry("Hardmax", Operator.of(call -> alongAxis(call, Activations::hardmax))),
                    entry("LeakyRelu", Operator.of(Activations::leakyRelu)),
                    entry("LogSoftmax", Operator.of(call -> alongAxis(call, torch::log_softmax))),
                    entry("Mish", each(torch::mish)),
                    entry("PRelu", Operator.learning(Set.of(1), Activations::prelu)),
                    entry("Relu", each(torch::relu)),
                    entry("Selu", Operator.of(Activations::selu)),
                    entry("Shrink", Operator.of(Activations::shrink)),
                    entry("Sigmoid", each(torch::sigmoid)),
                    entry("Softmax", Operator.of(call -> alongAxis(call, torch::softmax))),
                    entry("Softplus", each(torch::softplus)),
                    entry("Softsign", each(torch::softsign)),
                    entry("Swish", Operator.of(Activations::swish)),
                    entry("Tanh", each(torch::tanh)),
                    entry("ThresholdedRelu", Operator.of(Activations::thresholdedRelu)));

    private Activations() {}

    private static Tensor celu(Call call) {
        return torch.celu(call.input(0), call.scalar("alpha", 1));
    }

    private static Tensor elu(Call call) {
        return torch.elu(call.input(0), call.scalar("alpha", 1), new Scalar(1.0), new Scalar(1.0));
    }

    private static Tensor gelu(Call call) {
        return torch.gelu(call.input(0), call.node().text("approximate").orElse("none"));
    }

    private static Tensor hardSigmoid(Call call) {
        Tensor line = call.input(0).mul(call.scalar("alpha", 0.2f)).add(call.scalar("beta", 0.5f));
        return torch.clamp(
                line, new ScalarOptional(new Scalar(0.0)), new ScalarOptional(new Scalar(1.0)));
    }

    private static Tensor leakyRelu(Call call) {
        return torch.leaky_relu(call.input(0), call.scalar("alpha", 0.01f));
    }

    private static Tensor prelu(Call call) {
        Tensor input = call.input(0);
        return torch.where(input.lt(new Scalar(0.0)), input.mul(call.input(1)), input);
    }

    private static Tensor selu(Call call) {
        return torch.elu(
                call.input(0),
                call.scalar("alpha", 1.6732632f),
                call.scalar("gamma", 1.050701f),
                new Scalar(1.0));
    }

    private static Tensor shrink(Call call) {
        Tensor input = call.input(0);
        double lambda = call.node().number("lambd").orElse(0.5);
        Scalar bias = call.scalar("bias", 0);
        Tensor zero = torch.zeros_like(input);
        Tensor above = torch.where(input.gt(new Scalar(lambda)), input.sub(bias), zero);
        return torch.where(input.lt(new Scalar(-lambda)), input.add(bias), above);
    }

    private static Tensor swish(Call call) {
        Tensor input = call.input(0);
        return input.mul(torch.sigmoid(input.mul(call.scalar("alpha", 1))));
    }

    private static Tensor thresholdedRelu(Call call) {
        Tensor input = call.input(0);
        return torch.where(input.gt(call.scalar("alpha", 1)), input, torch.zeros_like(input));
    }

    private interface AlongAxis {
        Tensor apply(Tensor tensor, long axis);
    }

    private static Tensor alongAxis(Call call, AlongAxis function) {
        Tensor input = call.input(0);
        if (call.opset() > LAST_OF_ROWS) {
            return function.apply(input, call.node().integer("axis", -1));
        }
        Tensor rows = Shapes.matrix(input, call.node().integer("axis", 1));
        return function.apply(rows, 1).reshape(input.shape());
    }

    private static Tensor hardmax(Tensor input, long axis) {
        Tensor largest = Reductions.argmax(input, axis, true, false);
        return torch.zeros_like(input).scatter(axis, largest, new Scalar(1.0));
    }
}
