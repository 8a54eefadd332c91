package dev.nibble.graph;

import java.util.Arrays;

/**
 * What a file says about a thing that Nibble has no word for, in the file's own encoding, carried
 * along untouched.
 *
 * <p>Doc strings, annotations and unknown fields survive a round trip this way. Only the format
 * that made it reads it.
 */
public final class Extras {
    /** Nothing beyond what Nibble models. */
    public static final Extras NONE = new Extras(new byte[0]);

    private final byte[] bytes;

    private Extras(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Extras of(byte[] bytes) {
        return bytes.length == 0 ? NONE : new Extras(bytes.clone());
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Extras extras && Arrays.equals(bytes, extras.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes of extras";
    }
}
