/**
 * Programs that show the library at work, and the one that trains the embedded networks.
 *
 * <p>May import everything but the command line; nothing imports it.
 */
@NullMarked
package dev.nibble.examples;

import org.jspecify.annotations.NullMarked;
