/**
 * Which networks run on libtorch, for training: each compared with ONNX Runtime.
 *
 * <p>May import everything that Nibble publishes. Read {@link
 * dev.nibble.examples.training.Coverage} first.
 */
@NullMarked
package dev.nibble.examples.training;

import org.jspecify.annotations.NullMarked;
