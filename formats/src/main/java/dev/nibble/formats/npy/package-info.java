/**
 * NumPy's files: {@code .npy} holds one array, {@code .npz} is a zip of several.
 *
 * <p>May import core and {@code dev.nibble.formats}. Read {@link dev.nibble.formats.npy.NpyFile}
 * and {@link dev.nibble.formats.npy.NpzFile} first.
 */
@NullMarked
package dev.nibble.formats.npy;

import org.jspecify.annotations.NullMarked;
