package dev.nibble.task;

import java.util.Locale;

/** What the first output of a network is for; it is what two networks are compared by. */
public enum Task {
    /** A row of scores: the greatest one is the answer. */
    CLASSIFICATION("the first output is a row of scores"),
    /** A row of numbers that places a sample among others. */
    EMBEDDING("the first output is an embedding"),
    /** A map of scores for each pixel; with one channel a mask. */
    SEGMENTATION("the first output has scores for each pixel"),
    /** One quantity, or a few. */
    REGRESSION("the first output is a quantity, or a few"),
    /** A row of scores for each step of a sequence. */
    SEQUENCE("the first output has scores for each step of a sequence"),
    /** Numbers of which nothing more is known. */
    TENSOR("nothing is known of what the first output is for");

    private final String meaning;

    Task(String meaning) {
        this.meaning = meaning;
    }

    /** What it says of the first output. */
    public String meaning() {
        return meaning;
    }

    /** The name as people write it, as in {@code segmentation}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
