package dev.nibble.report;

/**
 * How long a node takes in two networks, with one thread. Not measured in turns: compare what nodes
 * of one network take, and leave the comparison of networks to {@code evaluate}.
 *
 * @param node of the float network
 * @param floatMs milliseconds in the float network; NaN where the engine made it one with another
 * @param quantizedMs milliseconds in the quantized network; NaN where it has no node of that name,
 *     or the engine made it one with another
 */
public record NodeTiming(String node, double floatMs, double quantizedMs) {
    boolean isKnown() {
        return !Double.isNaN(floatMs) || !Double.isNaN(quantizedMs);
    }
}
