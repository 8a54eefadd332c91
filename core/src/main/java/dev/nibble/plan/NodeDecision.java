package dev.nibble.plan;

/** What becomes of one node. */
public sealed interface NodeDecision {
    /** It computes on codes whose ranges are known in advance. */
    record Quantized() implements NodeDecision {}

    /** It computes on codes, those of its input found with their range at run time. */
    record Dynamic() implements NodeDecision {
        /** The codes of its input, as reports call them; ONNX has no others found at run time. */
        public static final String INPUT = "uint8 dynamic";
    }

    /** Its weights are stored as codes; it computes in float. */
    record WeightOnly(String why) implements NodeDecision {
        /** As the recipe wants it. */
        public WeightOnly() {
            this("");
        }
    }

    /** It disappears into another node or into the clipping of a value's range. */
    record Absorbed(String into) implements NodeDecision {}

    /** It stays as it was. */
    record KeptFloat(String why) implements NodeDecision {}

    /** Whether weights of such a node, if it has any, are codes. */
    default boolean hasCodes() {
        return switch (this) {
            case Quantized _, Dynamic _, WeightOnly _ -> true;
            case Absorbed _, KeptFloat _ -> false;
        };
    }
}
