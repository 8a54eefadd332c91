package dev.nibble.formats.image;

/** In which order a network takes the colours. */
public enum ChannelOrder {
    RGB,
    BGR
}
