package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.number.Granularity;

/** Which weights of a layer share one scale, said without knowing the layer. */
public sealed interface Grouping {
    /** All of them. */
    record PerTensor() implements Grouping {}

    /** Those of one output channel. */
    record PerChannel() implements Grouping {}

    /**
     * Runs of {@code size} along the input channels of one output channel.
     *
     * <p>A convolution with no more input channels than that, as a depthwise one, has a scale for
     * each output channel: blocks would not be longer than its few weights. So have rows of a table
     * that are looked up, and weights of other operators that cannot be cut into whole blocks.
     */
    record PerBlock(int size) implements Grouping {
        private static final int LEAST = 2;

        public PerBlock {
            if (size < LEAST) {
                throw new NibbleException(
                        "a block of weights holds at least %d, not %d; take 32, as most runtimes do"
                                .formatted(LEAST, size));
            }
        }
    }

    /** The same for weights. */
    default Granularity granularity(WeightOperand operand) {
        return switch (this) {
            case PerTensor() -> Granularity.perTensor();
            case PerChannel() -> channels(operand);
            case PerBlock(int size) ->
                    cannotBeCut(operand, size)
                            ? channels(operand)
                            : new Granularity.PerBlock(operand.inputAxis(), size);
        };
    }

    /** Of matrices side by side, each has channels of its own: blocks as long as its rows. */
    private static Granularity channels(WeightOperand operand) {
        return operand.isStacked()
                ? new Granularity.PerBlock(
                        operand.inputAxis(),
                        Math.toIntExact(operand.tensor().shape().dim(operand.inputAxis())))
                : new Granularity.PerAxis(operand.outputAxis());
    }

    private static boolean cannotBeCut(WeightOperand operand, int size) {
        long length = operand.tensor().shape().dim(operand.inputAxis());
        boolean product = operand.node().is("Gemm") || operand.node().is("MatMul");
        return operand.node().opType().contains("Conv")
                ? length <= size
                : operand.node().is("Gather") || (!product && length % size != 0);
    }
}
