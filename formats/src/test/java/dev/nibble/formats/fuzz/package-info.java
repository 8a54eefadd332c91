/** What the fuzz tests of all readers share. */
@NullMarked
package dev.nibble.formats.fuzz;

import org.jspecify.annotations.NullMarked;
