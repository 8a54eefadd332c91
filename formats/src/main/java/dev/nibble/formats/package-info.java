/**
 * Model and data files, read and written; here, what the formats share.
 *
 * <p>May import core; the packages below it are one per format. Read {@link
 * dev.nibble.formats.AtomicFile} and {@link dev.nibble.formats.MappedFile} first.
 */
@NullMarked
package dev.nibble.formats;

import org.jspecify.annotations.NullMarked;
