/**
 * The one exception that users see.
 *
 * <p>Imports nothing of Nibble; everything imports it. Read {@link
 * dev.nibble.error.NibbleException}.
 */
@NullMarked
package dev.nibble.error;

import org.jspecify.annotations.NullMarked;
