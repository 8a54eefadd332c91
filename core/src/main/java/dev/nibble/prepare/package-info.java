/**
 * Makes of any network the one that everything behind it sees: a flat graph in single precision
 * whose weights are constants of the main graph. Its function, inputs and outputs stay what they
 * were.
 *
 * <p>Imports {@code graph} and what comes before it. Read {@link dev.nibble.prepare.Preparation}
 * first; each step is a class of its own.
 */
@NullMarked
package dev.nibble.prepare;

import org.jspecify.annotations.NullMarked;
