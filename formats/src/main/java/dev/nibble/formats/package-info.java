/**
 * Model and data files, read and written.
 *
 * <p>May import core; the packages below it are one per format.
 */
@NullMarked
package dev.nibble.formats;

import org.jspecify.annotations.NullMarked;
