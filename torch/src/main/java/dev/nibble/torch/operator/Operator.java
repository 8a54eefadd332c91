package dev.nibble.torch.operator;

import org.bytedeco.pytorch.Tensor;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

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

    /** An operator with one output and nothing that learns. */
    static Operator of(Function<Call, Tensor> output) {
        return learning(Set.of(), output);
    }

    /** An operator with one output. */
    static Operator learning(Set<Integer> learns, Function<Call, Tensor> output) {
        return new Operator(learns, call -> List.of(output.apply(call)));
    }

    /** An operator with several outputs. */
    static Operator several(Computation computation) {
        return new Operator(Set.of(), computation);
    }

    /**
     * The outputs of a call, in the order of the node; those at the end that no node asks for may
     * be missing.
     */
    @FunctionalInterface
    public interface Computation {
        List<Tensor> apply(Call call);
    }
}
