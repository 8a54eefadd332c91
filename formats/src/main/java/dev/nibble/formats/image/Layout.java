package dev.nibble.formats.image;

/** In which order a network takes channels, rows and columns. */
public enum Layout {
    /** As the network's input declares it. */
    AUTO,
    /** Channels first. */
    NCHW,
    /** Channels last. */
    NHWC
}
