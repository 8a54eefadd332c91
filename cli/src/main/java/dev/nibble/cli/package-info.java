/**
 * The {@code nibble} command: arguments in, words and exit codes out; the work is the library's.
 *
 * <p>May import everything but torch; nothing imports it.
 */
@NullMarked
package dev.nibble.cli;

import org.jspecify.annotations.NullMarked;
