package dev.nibble.pass;

/** Something that a pass did, did not do, or measured. Nothing is skipped in silence. */
public sealed interface Finding {
    /** The pass that speaks. */
    String pass();

    /** The node or value that it speaks of. */
    String subject();

    /** It was done. */
    record Applied(String pass, String subject, String what) implements Finding {}

    /** It was not done, and why. */
    record Skipped(String pass, String subject, String why) implements Finding {}

    /** A number came out. */
    record Measured(String pass, String subject, String quantity, double value)
            implements Finding {}
}
