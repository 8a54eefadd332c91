/**
 * The table of docs/compatibility.md: what becomes of every network of a folder. May import all of
 * the library. Read {@link dev.nibble.examples.compatibility.Compatibility} first.
 */
@NullMarked
package dev.nibble.examples.compatibility;

import org.jspecify.annotations.NullMarked;
