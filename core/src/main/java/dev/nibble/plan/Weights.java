package dev.nibble.plan;

import dev.nibble.number.IntegerFormat;
import dev.nibble.number.Scheme;

/**
 * How weights are stored: codes symmetric about zero.
 *
 * @param format the codes
 * @param grouping which of them share a scale
 */
public record Weights(IntegerFormat format, Grouping grouping) {
    /** A scale for each output channel. */
    public static Weights perChannel(IntegerFormat format) {
        return new Weights(format, new Grouping.PerChannel());
    }

    /** One scale. */
    public static Weights perTensor(IntegerFormat format) {
        return new Weights(format, new Grouping.PerTensor());
    }

    /** A scale for each run of so many input channels. */
    public static Weights perBlock(IntegerFormat format, int size) {
        return new Weights(format, new Grouping.PerBlock(size));
    }

    /** The scheme of the weights of a node. */
    public Scheme scheme(WeightOperand operand) {
        return new Scheme(format, true, grouping.granularity(operand));
    }
}
