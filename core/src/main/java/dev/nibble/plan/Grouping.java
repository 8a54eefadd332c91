package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.number.Granularity;
import dev.nibble.tensor.Shape;

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
     * each output channel: blocks would not be longer than its few weights.
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

    /** The same for the weights of a layer. */
    default Granularity granularity(WeightedNode weighted) {
        return switch (this) {
            case PerTensor() -> Granularity.perTensor();
            case PerChannel() -> new Granularity.PerAxis(weighted.outputAxis());
            case PerBlock(int size) -> {
                Shape shape = weighted.weight().shape();
                boolean few = weighted.node().is("Conv") && shape.dim(weighted.inputAxis()) <= size;
                yield few
                        ? new Granularity.PerAxis(weighted.outputAxis())
                        : new Granularity.PerBlock(weighted.inputAxis(), size);
            }
        };
    }
}
