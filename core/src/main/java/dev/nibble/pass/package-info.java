/**
 * The algorithms: each takes a draft and a lab and gives a better draft, and says what it did and
 * why it did not.
 *
 * <p>Imports everything up to {@code plan}. Read {@link dev.nibble.pass.Pass} and {@link
 * dev.nibble.pass.Draft} first.
 */
@NullMarked
package dev.nibble.pass;

import org.jspecify.annotations.NullMarked;
