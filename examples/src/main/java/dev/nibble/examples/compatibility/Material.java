package dev.nibble.examples.compatibility;

import dev.nibble.engine.Samples;

/**
 * Samples of the kind that a network is made for.
 *
 * @param kind what they are, in a word
 * @param calibrating samples to measure ranges on
 * @param judging others to judge on
 */
record Material(String kind, Samples calibrating, Samples judging) {}
