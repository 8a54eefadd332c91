package dev.nibble.torch.operator;

import org.bytedeco.pytorch.Tensor;

import java.util.Set;

/**
 * What an operator of the ONNX standard is in libtorch.
 *
 * @param learns which inputs, by position, learn where they are constants
 * @param computation the operator itself
 */
public record Operator(Set<Integer> learns, Computation computation) {
    public Operator {
        learns = Set.copyOf(learns);
    }

    static Operator of(Computation computation) {
        return new Operator(Set.of(), computation);
    }

    /** The one output of a call. */
    @FunctionalInterface
    public interface Computation {
        Tensor apply(Call call);
    }
}
