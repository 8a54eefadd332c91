package dev.nibble.engine;

/**
 * A finite, ordered set of samples, loaded one at a time.
 *
 * <p>Contract: {@link #get} may be called from several threads at once and gives the same sample
 * for the same index every time; nothing is kept in memory between calls.
 */
public interface Samples {
    int size();

    /**
     * Loads one sample.
     *
     * @throws dev.nibble.error.NibbleException if it cannot be read or decoded; the message names
     *     the file
     */
    Sample get(int index);

    /** Whether every sample has a label. */
    boolean labelled();

    /** Where the samples come from and how many they are, for reports. */
    String description();
}
