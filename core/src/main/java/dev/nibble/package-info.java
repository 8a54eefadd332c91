/**
 * The front door: read a model, quantize it, write it.
 *
 * <p>May import every other package of this module; nothing in this module imports it.
 */
@NullMarked
package dev.nibble;

import org.jspecify.annotations.NullMarked;
