/**
 * Inputs made up for a network from what it declares and from what its graph does with them. Never
 * used unless asked for or said. May import {@code engine} and what comes before it.
 *
 * <p>Read {@link dev.nibble.engine.generate.GeneratedInputs} and {@link
 * dev.nibble.engine.generate.InputValues} first.
 */
@NullMarked
package dev.nibble.engine.generate;

import org.jspecify.annotations.NullMarked;
