package dev.nibble.formats.image;

/** How a picture gets the size that a network takes. */
public enum ResizeMode {
    /** Straight to the size, whatever that does to the proportions. */
    EXACT,
    /**
     * The shorter side to a little more than the size, then the middle cut out; a picture of the
     * right size is left alone.
     */
    CROP
}
