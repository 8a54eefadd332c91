/**
 * The ladder of repairs: from cheap to expensive, each kept only where it helps on samples that no
 * pass has seen.
 *
 * <p>Imports everything up to {@code report}. Read {@link dev.nibble.ladder.Ladder} and {@link
 * dev.nibble.ladder.Passes} first.
 */
@NullMarked
package dev.nibble.ladder;

import org.jspecify.annotations.NullMarked;
