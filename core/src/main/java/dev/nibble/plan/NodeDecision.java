package dev.nibble.plan;

/** What becomes of one node. */
public sealed interface NodeDecision {
    /** It computes on codes. */
    record Quantized() implements NodeDecision {}

    /** Its weights are stored as codes; it computes in float. */
    record WeightOnly() implements NodeDecision {}

    /** It disappears into another node or into the clipping of a value's range. */
    record Absorbed(String into) implements NodeDecision {}

    /** It stays as it was. */
    record KeptFloat(String why) implements NodeDecision {}
}
