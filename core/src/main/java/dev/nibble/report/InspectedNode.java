package dev.nibble.report;

import java.util.OptionalLong;

/**
 * One node of an inspected network.
 *
 * @param operator with its domain where that is not the standard one
 * @param parameters numbers of the constants that it is the first to read
 * @param parameterBytes bytes that they take
 * @param multiplyAdds for one sample; empty if its operator does none, or its shapes are not known
 * @param min the least of its weights; NaN without constant float weights
 * @param max the greatest of its weights; NaN without constant float weights
 * @param decision what the recipe would make of it, as in {@link NodeRow}; empty without a recipe
 * @param format formats of weights and activations, as in {@code int8 per axis 0 × uint8}; empty
 *     without codes
 * @param reason why it would stay float, or what would absorb it; else empty
 * @param predictedBytes bytes that its constants would take; {@code parameterBytes} without a
 *     recipe
 */
public record InspectedNode(
        String node,
        String operator,
        long parameters,
        long parameterBytes,
        OptionalLong multiplyAdds,
        double min,
        double max,
        String decision,
        String format,
        String reason,
        long predictedBytes) {}
