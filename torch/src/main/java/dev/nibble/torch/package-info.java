/**
 * Gradients on libtorch, reached through JavaCPP.
 *
 * <p>May import core; the only package that names {@code org.bytedeco}.
 */
@NullMarked
package dev.nibble.torch;

import org.jspecify.annotations.NullMarked;
