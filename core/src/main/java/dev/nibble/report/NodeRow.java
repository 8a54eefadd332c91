package dev.nibble.report;

/**
 * What became of one node of the float model.
 *
 * @param decision {@code quantized}, {@code weights} (only they are codes), {@code absorbed} or
 *     {@code float}
 * @param format of a node with codes: weights and activations, as in {@code int8 per axis 0 ×
 *     uint8}; else empty
 * @param reason why it stayed float, or what absorbed it; else empty
 */
public record NodeRow(
        String node, String operator, String decision, String format, String reason) {}
